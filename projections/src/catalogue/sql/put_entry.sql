insert into catalogue_entry (
  generation, plugin_id, package, name_key, package_key, name_order, listed, waits, deleted, stable, experimental, server,
  processing, featured, deprecated, trusted, created_at_us, updated_at_us, votes, rating, liked, author_sha256, license
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
)
on conflict (generation, plugin_id) do update set
  package = excluded.package,
  name_key = excluded.name_key,
  package_key = excluded.package_key,
  name_order = excluded.name_order,
  listed = excluded.listed,
  waits = excluded.waits,
  deleted = excluded.deleted,
  stable = excluded.stable,
  experimental = excluded.experimental,
  server = excluded.server,
  processing = excluded.processing,
  featured = excluded.featured,
  deprecated = excluded.deprecated,
  trusted = excluded.trusted,
  created_at_us = excluded.created_at_us,
  updated_at_us = excluded.updated_at_us,
  votes = excluded.votes,
  rating = excluded.rating,
  liked = excluded.liked,
  author_sha256 = excluded.author_sha256,
  license = excluded.license
