insert into secret_key (purpose, bytes, created_at_us) values ($1, $2, $3) on conflict (purpose) do nothing
