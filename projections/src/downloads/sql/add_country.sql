insert into download_country (generation, version_id, country, n) values ($1, $2, $3, $4)
on conflict (generation, version_id, country) do update set n = download_country.n + excluded.n
