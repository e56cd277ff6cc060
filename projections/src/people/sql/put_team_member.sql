insert into people_team_member (generation, team_key, account_id)
values ($1, $2, $3)
on conflict (generation, team_key, account_id) do nothing
