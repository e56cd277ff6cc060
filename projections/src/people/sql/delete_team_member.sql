delete from people_team_member where generation = $1 and team_key = $2 and account_id = $3
