-- $2 the first position, $3 how many rows
select position, account_id
  from people_act
 where generation = $1 and position >= $2
 order by position
 limit $3
