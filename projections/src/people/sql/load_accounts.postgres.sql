-- $2 accounts
select account_id, registered_at_us, trusted, staff, blocked, admin, blocked_until_us, erased, blocked_reason,
       blocked_at_us, signed_in_at_us
  from people_account
 where generation = $1 and account_id in (select cast(json_array_elements_text(cast($2 as json)) as uuid))
