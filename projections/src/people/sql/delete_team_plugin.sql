delete from people_team_plugin where generation = $1 and package_key = $2 and team_key = $3
