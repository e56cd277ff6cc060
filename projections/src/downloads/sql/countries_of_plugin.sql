-- $2 the plugin, $3 the first month, $4 the last
select country, cast(sum(n) as bigint) as n
  from download_plugin_country
 where generation = $1 and plugin_id = $2 and month >= $3 and month <= $4
 group by country
