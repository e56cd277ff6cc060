insert into catalogue_trigram (
  generation, gram, plugin_id
) values (
  $1, $2, $3
)
on conflict (generation, gram, plugin_id) do nothing
