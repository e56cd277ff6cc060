-- $2 the account, $3 how many
select t.team_key, t.team, t.formed_at_us
  from people_team_member m
  join people_team t on t.generation = m.generation and t.team_key = m.team_key
 where m.generation = $1 and m.account_id = $2
 order by t.formed_at_us, t.team_key
 limit $3
