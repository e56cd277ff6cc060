-- $3 the position it must stand at, $4 the new one, $5 the lease's token, $6 now, $7 until when the lease is renewed
update subscription
   set next_position = $4, attempts = 0, last_error = null, updated_at_us = $6, lease_until_us = $7
 where name = $1 and generation = $2 and next_position = $3 and lease_token = $5 and status in ('building', 'live')
