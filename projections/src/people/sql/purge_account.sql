-- some rows of generation $1, at least $2 if there are as many
delete from people_account
 where generation = $1
   and account_id in (select account_id from people_account where generation = $1 order by account_id limit $2)
