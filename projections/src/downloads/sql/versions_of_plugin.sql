-- $1 generation of the catalogue, $2 of the downloads, $3 the plugin, $4 to $5 the days before the first whole month, $6 to $7 the
-- whole months, $8 to $9 the days after the last; deleted versions too
select u.version_id, v.version,
       (select cast(coalesce(sum(m.n), 0) as bigint) from download_month m
         where m.generation = $2 and m.version_id = u.version_id and m.month >= $6 and m.month <= $7)
     + (select cast(coalesce(sum(d.n), 0) as bigint) from download_day d
         where d.generation = $2 and d.version_id = u.version_id and d.day >= $4 and d.day <= $5)
     + (select cast(coalesce(sum(d.n), 0) as bigint) from download_day d
         where d.generation = $2 and d.version_id = u.version_id and d.day >= $8 and d.day <= $9) as n
  from catalogue_upload u
  left join catalogue_version v on v.generation = u.generation and v.version_id = u.version_id
 where u.generation = $1 and u.plugin_id = $3
