insert into people_token (generation, token_id, account_id, package, issued_at_us, expires_at_us, revoked_at_us,
  may_approve, publisher_id, repository, git_ref, commit_id, last_used_day)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (generation, token_id) do update
   set revoked_at_us = excluded.revoked_at_us, last_used_day = excluded.last_used_day
