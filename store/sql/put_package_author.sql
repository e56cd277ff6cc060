insert into package_author (sha256, author, email, author_key) values ($1, $2, $3, $4)
on conflict (sha256) do update set author = excluded.author, email = excluded.email, author_key = excluded.author_key
