insert into download_all_day (generation, day, n) values ($1, $2, $3)
on conflict (generation, day) do update set n = download_all_day.n + excluded.n
