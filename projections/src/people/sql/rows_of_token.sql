select token_id, account_id, package, issued_at_us, expires_at_us, revoked_at_us, may_approve, publisher_id, repository,
       git_ref, commit_id, last_used_day
  from people_token
 where generation = $1
 order by token_id
