insert into download_all_qgis (generation, day, qgis, n) values ($1, $2, $3, $4)
on conflict (generation, day, qgis) do update set n = download_all_qgis.n + excluded.n
