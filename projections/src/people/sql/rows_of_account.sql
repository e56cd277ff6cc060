select account_id, registered_at_us, trusted, staff, blocked
  from people_account
 where generation = $1
 order by account_id
