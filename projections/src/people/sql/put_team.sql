insert into people_team (generation, team_key, team, formed_at_us)
values ($1, $2, $3, $4)
on conflict (generation, team_key) do nothing
