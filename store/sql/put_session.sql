insert into session (session_id, account_id, sort, secret_sha256, previous_sha256, second_factor, created_at_us,
  last_used_at_us, expires_at_us, agent, country)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
