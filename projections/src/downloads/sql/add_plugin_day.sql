insert into download_plugin_day (generation, plugin_id, day, n) values ($1, $2, $3, $4)
on conflict (generation, plugin_id, day) do update set n = download_plugin_day.n + excluded.n
