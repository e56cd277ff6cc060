-- $2 the first plugin_id, $3 how many rows
select plugin_id, package, name_key, package_key, name_order, listed, waits, deleted, stable, experimental, server, processing,
       featured, deprecated, trusted, created_at_us, updated_at_us, votes, rating, liked, author_sha256, license
  from catalogue_entry
 where generation = $1 and plugin_id >= $2
 order by plugin_id
 limit $3
