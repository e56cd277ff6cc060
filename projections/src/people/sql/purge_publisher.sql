-- some rows of generation $1, at least $2 if there are as many
delete from people_publisher
 where generation = $1
   and publisher_id in (select publisher_id from people_publisher where generation = $1 order by publisher_id limit $2)
