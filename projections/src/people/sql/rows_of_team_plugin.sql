-- the first column is the same for all, since text sorts differently from server to server
select cast(0 as bigint) as one, package_key, team_key
  from people_team_plugin
 where generation = $1
