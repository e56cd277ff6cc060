-- some rows of generation $1, at least $2 if there are as many
delete from people_token
 where generation = $1
   and token_id in (select token_id from people_token where generation = $1 order by token_id limit $2)
