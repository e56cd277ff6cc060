update session set last_used_at_us = $2, expires_at_us = $3 where session_id = $1
