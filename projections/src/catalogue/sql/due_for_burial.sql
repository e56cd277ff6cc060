-- $2 a time, $3 how many: plugins that could be restored until then, the longest due first
select package
  from catalogue_plugin
 where generation = $1 and marked_until_us <= $2
 order by marked_until_us, plugin_id
 limit $3
