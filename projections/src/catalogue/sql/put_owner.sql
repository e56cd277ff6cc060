insert into catalogue_owner (
  generation, plugin_id, account_id
) values (
  $1, $2, $3
)
on conflict (generation, plugin_id, account_id) do nothing
