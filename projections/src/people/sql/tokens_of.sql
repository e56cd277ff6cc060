-- the newest first
select token_id, account_id, package, issued_at_us, expires_at_us, revoked_at_us
  from people_token
 where generation = $1 and account_id = $2
 order by issued_at_us desc, token_id
