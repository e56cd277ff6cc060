-- $2 the first day, $3 how many rows
select day, qgis, n
  from download_all_qgis
 where generation = $1 and day >= $2
 order by day
 limit $3
