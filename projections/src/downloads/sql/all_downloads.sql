select cast(coalesce(sum(n), 0) as bigint) as n from download_all_day where generation = $1
