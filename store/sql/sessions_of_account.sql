select session_id, account_id, sort, secret_sha256, previous_sha256, second_factor, created_at_us, last_used_at_us,
       expires_at_us, agent, country from session
 where account_id = $1 order by created_at_us desc, session_id limit $2
