-- $2 folded package names
select plugin_id from catalogue_plugin where generation = $1 and package_key in (select value from json_each($2))
