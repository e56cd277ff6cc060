insert into package_author (sha256, author, email) values ($1, $2, $3)
on conflict (sha256) do update set author = excluded.author, email = excluded.email
