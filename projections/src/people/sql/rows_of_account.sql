select account_id, registered_at_us, trusted, staff, blocked, admin, blocked_until_us, erased, blocked_reason,
       blocked_at_us, signed_in_at_us
  from people_account
 where generation = $1
 order by account_id
