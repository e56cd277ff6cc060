insert into catalogue_search (
  row_id, generation, plugin_id, names, tags, texts, abouts
) values (
  $1, $2, $3, $4, $5, $6, $7
)
on conflict (generation, plugin_id) do update set
  names = excluded.names,
  tags = excluded.tags,
  texts = excluded.texts,
  abouts = excluded.abouts
