insert into people_deed (generation, day, deed, n) values ($1, $2, $3, $4)
on conflict (generation, day, deed) do update set n = people_deed.n + excluded.n
