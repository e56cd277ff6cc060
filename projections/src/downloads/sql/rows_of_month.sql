-- $2 the first version_id, $3 how many rows
select version_id, month, n
  from download_month
 where generation = $1 and version_id >= $2
 order by version_id
 limit $3
