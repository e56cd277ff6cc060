insert into download_plugin (generation, plugin_id, n, recent) values ($1, $2, $3, $4)
on conflict (generation, plugin_id) do update set n = download_plugin.n + excluded.n, recent = download_plugin.recent + excluded.recent
