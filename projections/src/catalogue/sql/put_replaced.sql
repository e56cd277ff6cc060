insert into catalogue_replaced (
  generation, replaced_at, version_id, plugin_id, version, sha256, size_bytes, replaced_at_us
) values (
  $1, $2, $3, $4, $5, $6, $7, $8
)
on conflict (generation, replaced_at) do nothing
