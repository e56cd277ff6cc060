select t.tag, count(*) as plugins
  from catalogue_tag t
  join catalogue_plugin p on p.generation = t.generation and p.plugin_id = t.plugin_id
 where t.generation = $1 and p.approved_stable + p.approved_experimental > 0 and p.marked_until_us is null
 group by t.tag
