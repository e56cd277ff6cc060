-- $2 a position; not ordered, because SQLite would then walk through all plugins: those that an event there or later changed
select plugin_id from catalogue_plugin where generation = $1 and changed_at >= $2
