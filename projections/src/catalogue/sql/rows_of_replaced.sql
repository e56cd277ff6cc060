-- $2 the first replaced_at, $3 how many rows
select replaced_at, version_id, plugin_id, version, sha256, size_bytes, replaced_at_us
  from catalogue_replaced
 where generation = $1 and replaced_at >= $2
 order by replaced_at
 limit $3
