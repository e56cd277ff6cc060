-- $2 a position: plugins that an event there or later changed
select plugin_id from catalogue_plugin where generation = $1 and changed_at >= $2 order by plugin_id
