select account_id, team_key
  from people_team_member
 where generation = $1
 order by account_id
