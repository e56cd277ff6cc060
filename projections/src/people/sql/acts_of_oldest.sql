-- $2 the account, $3 only positions above it, $4 how many
select position from people_act where generation = $1 and account_id = $2 and position > $3 order by position limit $4
