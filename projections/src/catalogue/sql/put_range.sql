insert into catalogue_range (
  generation, plugin_id, experimental, qgis_from, qgis_to
) values (
  $1, $2, $3, $4, $5
)
on conflict (generation, plugin_id, experimental, qgis_from, qgis_to) do nothing
