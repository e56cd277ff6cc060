-- $2 plugins; the oldest first
select replaced_at, version_id, plugin_id, version, sha256, size_bytes, replaced_at_us
  from catalogue_replaced
 where generation = $1 and plugin_id in (select value from json_each($2))
 order by replaced_at
