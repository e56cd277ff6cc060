insert into download_day (generation, version_id, day, n) values ($1, $2, $3, $4)
on conflict (generation, version_id, day) do update set n = download_day.n + excluded.n
