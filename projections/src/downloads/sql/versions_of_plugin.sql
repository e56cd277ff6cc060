-- $1 generation of the catalogue, $2 of the downloads, $3 the plugin, $4 the first day, $5 the last; deleted versions too
select u.version_id, v.version, cast(sum(d.n) as bigint) as n
  from catalogue_upload u
  join download_day d on d.generation = $2 and d.version_id = u.version_id
  left join catalogue_version v on v.generation = u.generation and v.version_id = u.version_id
 where u.generation = $1 and u.plugin_id = $3
   and d.day >= $4 and d.day <= $5
 group by u.version_id, v.version
