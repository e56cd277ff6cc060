-- $2 the first day, $3 the last
select day, n from download_all_day where generation = $1 and day >= $2 and day <= $3
