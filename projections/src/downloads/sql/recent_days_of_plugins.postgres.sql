-- $2 plugins
select days.plugin_id, whole.newest - days.day as ago, days.n
  from download_plugin_day days
 cross join (select max(day) as newest from download_all_day where generation = $1) whole
 where days.generation = $1 and days.plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint)) and days.day > whole.newest - 30
