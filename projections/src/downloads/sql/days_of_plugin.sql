-- $1 generation of the catalogue, $2 of the downloads, $3 the plugin, $4 the first day, $5 the day after the last
select d.day, cast(sum(d.n) as bigint) as n
  from catalogue_upload u
  join download_day d on d.generation = $2 and d.version_id = u.version_id
 where u.generation = $1 and u.plugin_id = $3
   and d.day >= $4 and d.day < $5
 group by d.day
