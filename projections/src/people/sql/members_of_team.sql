-- $2 the folded name
select account_id from people_team_member where generation = $1 and team_key = $2 order by account_id
