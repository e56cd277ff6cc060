-- $2 the folded name
select team_key, team, formed_at_us
  from people_team
 where generation = $1 and team_key = $2
