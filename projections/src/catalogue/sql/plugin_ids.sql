-- $2 the plugin before the page, $3 how many
select plugin_id from catalogue_plugin where generation = $1 and plugin_id > $2 order by plugin_id limit $3
