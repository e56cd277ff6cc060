-- some rows of generation $1, at least $2 if there are as many
delete from download_all_day
 where generation = $1
   and day in (select day from download_all_day where generation = $1 order by day limit $2)
