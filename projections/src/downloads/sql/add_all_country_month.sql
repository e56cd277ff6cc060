insert into download_all_country_month (generation, month, country, n) values ($1, $2, $3, $4)
on conflict (generation, month, country) do update set n = download_all_country_month.n + excluded.n
