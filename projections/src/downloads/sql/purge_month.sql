-- some rows of generation $1, at least $2 if there are as many
delete from download_month
 where generation = $1
   and version_id in (select version_id from download_month where generation = $1 order by version_id limit $2)
