-- $2 plugins
select plugin_id, n, recent
  from download_plugin
 where generation = $1 and plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
