-- some rows of generation $1, at least $2 if there are as many
delete from download_all_country_month
 where generation = $1
   and month in (select month from download_all_country_month where generation = $1 order by month limit $2)
