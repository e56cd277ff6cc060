-- $2 plugins
delete from catalogue_owner where generation = $1 and plugin_id in (select value from json_each($2))
