insert into download_plugin_month (generation, plugin_id, month, n) values ($1, $2, $3, $4)
on conflict (generation, plugin_id, month) do update set n = download_plugin_month.n + excluded.n
