-- $2 plugins
delete from catalogue_trigram where generation = $1 and plugin_id in (select value from json_each($2))
