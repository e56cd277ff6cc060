-- $2 plugins
select plugin_id, account_id
  from catalogue_owner
 where generation = $1 and plugin_id in (select value from json_each($2))
 order by plugin_id, account_id
