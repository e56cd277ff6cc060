-- some rows of generation $1, at least $2 if there are as many
delete from people_team
 where generation = $1
   and team_key in (select team_key from people_team where generation = $1 order by team_key limit $2)
