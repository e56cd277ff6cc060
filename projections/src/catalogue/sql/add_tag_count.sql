insert into catalogue_tag_count (
  generation, tag, plugins
) values (
  $1, $2, $3
)
on conflict (generation, tag) do update set
  plugins = catalogue_tag_count.plugins + excluded.plugins
