insert into download_qgis (generation, version_id, qgis, n) values ($1, $2, $3, $4)
on conflict (generation, version_id, qgis) do update set n = download_qgis.n + excluded.n
