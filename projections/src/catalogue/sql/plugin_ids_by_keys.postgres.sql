-- $2 folded package names
select plugin_id from catalogue_plugin
 where generation = $1 and package_key in (select json_array_elements_text(cast($2 as json)))
