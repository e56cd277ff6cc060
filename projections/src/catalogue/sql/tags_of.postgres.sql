-- $2 plugins
select plugin_id, tag
  from catalogue_tag
 where generation = $1 and plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
 order by plugin_id, place
