update subscription set lease_until_us = 0, updated_at_us = $4
 where name = $1 and generation = $2 and lease_token = $3
