insert into download_all_country (generation, day, country, n) values ($1, $2, $3, $4)
on conflict (generation, day, country) do update set n = download_all_country.n + excluded.n
