-- $1 generation of the catalogue, $2 of the downloads, $3 to $4 the days before the first whole month, $5 to $6 the whole months,
-- $7 to $8 the days after the last, $9 plugins, $10 how many; the public versions of these plugins, the most downloaded first
select counted.version_id, counted.n
  from (
select v.version_id,
       (select cast(coalesce(sum(m.n), 0) as bigint) from download_month m
         where m.generation = $2 and m.version_id = v.version_id and m.month >= $5 and m.month <= $6)
     + (select cast(coalesce(sum(d.n), 0) as bigint) from download_day d
         where d.generation = $2 and d.version_id = v.version_id and d.day >= $3 and d.day <= $4)
     + (select cast(coalesce(sum(d.n), 0) as bigint) from download_day d
         where d.generation = $2 and d.version_id = v.version_id and d.day >= $7 and d.day <= $8) as n
  from catalogue_version v
 where v.generation = $1 and v.approved
   and v.plugin_id in (select value from json_each($9))
  ) counted
 where counted.n > 0
 order by counted.n desc, counted.version_id
 limit $10
