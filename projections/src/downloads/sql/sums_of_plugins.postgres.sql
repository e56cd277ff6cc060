-- $2 to $3 the days before the first whole month, $4 to $5 the whole months, $6 to $7 the days after the last, $8 plugins
select l.plugin_id,
       (select cast(coalesce(sum(m.n), 0) as bigint) from download_plugin_month m
         where m.generation = $1 and m.plugin_id = l.plugin_id and m.month >= $4 and m.month <= $5)
     + (select cast(coalesce(sum(d.n), 0) as bigint) from download_plugin_day d
         where d.generation = $1 and d.plugin_id = l.plugin_id and d.day >= $2 and d.day <= $3)
     + (select cast(coalesce(sum(d.n), 0) as bigint) from download_plugin_day d
         where d.generation = $1 and d.plugin_id = l.plugin_id and d.day >= $6 and d.day <= $7) as n
  from (select cast(json_array_elements_text(cast($8 as json)) as bigint) as plugin_id) l
