-- $2 the first plugin_id, $3 how many rows
select plugin_id, experimental, qgis_from, qgis_to
  from catalogue_range
 where generation = $1 and plugin_id >= $2
 order by plugin_id
 limit $3
