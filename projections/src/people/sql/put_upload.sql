insert into people_upload (generation, package_key, version, token_id) values ($1, $2, $3, $4)
on conflict (generation, package_key, version) do update set token_id = excluded.token_id
