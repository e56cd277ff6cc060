-- what was downloaded on the days from $2 to $3 is recent no longer
insert into download_plugin (generation, plugin_id, n, recent)
select d.generation, d.plugin_id, 0, -cast(sum(d.n) as bigint)
  from download_plugin p
  join download_plugin_day d on d.generation = p.generation and d.plugin_id = p.plugin_id
 where p.generation = $1 and p.recent > 0 and d.day >= $2 and d.day <= $3
 group by d.generation, d.plugin_id
on conflict (generation, plugin_id) do update set recent = download_plugin.recent + excluded.recent
