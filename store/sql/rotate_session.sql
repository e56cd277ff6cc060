update session set previous_sha256 = secret_sha256, secret_sha256 = $3, last_used_at_us = $4, expires_at_us = $5
 where session_id = $1 and secret_sha256 = $2
