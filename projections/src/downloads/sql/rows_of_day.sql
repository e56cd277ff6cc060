-- $2 the first version_id, $3 how many rows
select version_id, day, n
  from download_day
 where generation = $1 and version_id >= $2
 order by version_id
 limit $3
