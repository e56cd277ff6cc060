insert into download_plugin_country (generation, plugin_id, month, country, n) values ($1, $2, $3, $4, $5)
on conflict (generation, plugin_id, month, country) do update set n = download_plugin_country.n + excluded.n
