select max(day) as day from download_all_day where generation = $1
