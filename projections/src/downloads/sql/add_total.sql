insert into download_total (generation, version_id, n) values ($1, $2, $3)
on conflict (generation, version_id) do update set n = download_total.n + excluded.n
