update second_factor set secret = $2, last_step = $3, last_used_at_us = $4 where factor_id = $1
