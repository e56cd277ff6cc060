insert into people_act (generation, position, account_id) values ($1, $2, $3)
on conflict (generation, position) do nothing
