-- $2 the first month, $3 how many rows
select month, country, n
  from download_all_country_month
 where generation = $1 and month >= $2
 order by month
 limit $3
