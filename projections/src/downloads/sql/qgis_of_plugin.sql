-- $1 generation of the catalogue, $2 of the downloads, $3 the plugin
select d.qgis, cast(sum(d.n) as bigint) as n
  from catalogue_upload u
  join download_qgis d on d.generation = $2 and d.version_id = u.version_id
 where u.generation = $1 and u.plugin_id = $3
 group by d.qgis
