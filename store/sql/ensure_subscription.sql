insert into subscription (name, generation, log, updated_at_us) values ($1, $2, $3, $4)
on conflict (name, generation) do nothing
