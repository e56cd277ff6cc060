insert into catalogue_upload (
  generation, version_id, plugin_id
) values (
  $1, $2, $3
)
on conflict (generation, version_id) do update set
  plugin_id = excluded.plugin_id
