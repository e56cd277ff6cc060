-- $2 the first day, $3 how many rows
select day, country, n
  from download_all_country
 where generation = $1 and day >= $2
 order by day
 limit $3
