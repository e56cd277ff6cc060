-- $2 the plugin, $3 the first day, $4 the last
select day, n from download_plugin_day where generation = $1 and plugin_id = $2 and day >= $3 and day <= $4
