select account_id
  from catalogue_trusted
 where generation = $1
 order by account_id
