-- $2 plugins
select plugin_id, n, recent from download_plugin where generation = $1 and plugin_id in (select value from json_each($2))
