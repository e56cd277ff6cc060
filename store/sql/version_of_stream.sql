select version from event where stream = $1 order by version desc limit 1
