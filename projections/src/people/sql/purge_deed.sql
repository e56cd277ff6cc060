-- some rows of generation $1, at least $2 if there are as many
delete from people_deed
 where generation = $1
   and day in (select day from people_deed where generation = $1 order by day limit $2)
