-- the first column is the same for all, since text sorts differently from server to server
select cast(0 as bigint) as one, team_key, team, formed_at_us
  from people_team
 where generation = $1
