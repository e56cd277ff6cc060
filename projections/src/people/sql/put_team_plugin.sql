insert into people_team_plugin (generation, package_key, team_key)
values ($1, $2, $3)
on conflict (generation, package_key, team_key) do nothing
