insert into download_plugin_qgis (generation, plugin_id, month, qgis, n) values ($1, $2, $3, $4, $5)
on conflict (generation, plugin_id, month, qgis) do update set n = download_plugin_qgis.n + excluded.n
