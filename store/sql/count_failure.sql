-- $3 the lease's token, $4 now, $5 the position it stands at, $6 the error
update subscription
   set attempts = attempts + 1, last_error = $6, updated_at_us = $4
 where name = $1 and generation = $2 and lease_token = $3 and next_position = $5
