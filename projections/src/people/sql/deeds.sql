-- $2 the first day, $3 the last
select day, deed, n from people_deed where generation = $1 and day >= $2 and day <= $3
