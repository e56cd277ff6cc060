-- $2 plugins
delete from catalogue_range where generation = $1 and plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
