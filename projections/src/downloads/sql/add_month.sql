insert into download_month (generation, version_id, month, n) values ($1, $2, $3, $4)
on conflict (generation, version_id, month) do update set n = download_month.n + excluded.n
