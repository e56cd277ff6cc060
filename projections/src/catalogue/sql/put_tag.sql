insert into catalogue_tag (
  generation, plugin_id, place, tag
) values (
  $1, $2, $3, $4
)
on conflict (generation, plugin_id, place) do update set
  tag = excluded.tag
