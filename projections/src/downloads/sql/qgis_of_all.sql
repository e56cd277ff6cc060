-- $2 the first day, $3 the last
select qgis, cast(sum(n) as bigint) as n
  from download_all_qgis
 where generation = $1 and day >= $2 and day <= $3
 group by qgis
