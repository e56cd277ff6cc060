-- $2 the first day, $3 how many rows
select day, deed, n
  from people_deed
 where generation = $1 and day >= $2
 order by day
 limit $3
