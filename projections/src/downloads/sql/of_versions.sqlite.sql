-- $2 versions
select version_id, n
  from download_total
 where generation = $1 and version_id in (select value from json_each($2))
