-- $3 the owner, $4 now, $5 until when
update subscription
   set lease_owner = $3, lease_token = lease_token + 1, lease_until_us = $5, updated_at_us = $4
 where name = $1 and generation = $2 and status in ('building', 'live')
   and (lease_until_us <= $4 or lease_owner = $3)
returning lease_token, next_position
