-- $2 the first plugin_id, $3 how many rows
select plugin_id, month, n
  from download_plugin_month
 where generation = $1 and plugin_id >= $2
 order by plugin_id
 limit $3
