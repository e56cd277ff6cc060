-- $2 the folded name
select package_key from people_team_plugin where generation = $1 and team_key = $2
