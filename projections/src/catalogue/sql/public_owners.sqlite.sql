-- $2 accounts; those that own a plugin which visitors see
select distinct o.account_id
  from catalogue_owner o
  join catalogue_plugin p on p.generation = o.generation and p.plugin_id = o.plugin_id
 where o.generation = $1 and o.account_id in (select unhex(value) from json_each($2))
   and p.approved_stable + p.approved_experimental + p.yanked > 0
   and p.marked_until_us is null and not p.tombstone
 order by o.account_id
