-- The plugins that visitors see, as lists of addresses name them. $2 the plugin before the page, $3 how many
select plugin_id, package, updated_at_us
  from catalogue_plugin
 where generation = $1
   and plugin_id > $2
   and approved_stable + approved_experimental > 0
   and marked_until_us is null
 order by plugin_id
 limit $3
