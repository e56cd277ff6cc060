-- $2 plugins
select plugin_id, tag
  from catalogue_tag
 where generation = $1 and plugin_id in (select value from json_each($2))
 order by plugin_id, place
