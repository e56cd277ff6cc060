update subscription set status = 'live', updated_at_us = $3
 where name = $1 and generation = $2 and status = 'building'
