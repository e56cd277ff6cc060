-- some rows of generation $1, at least $2 if there are as many
delete from people_act
 where generation = $1
   and position in (select position from people_act where generation = $1 order by position limit $2)
