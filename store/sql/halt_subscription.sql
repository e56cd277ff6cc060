-- $3 the lease's token, $4 now, $5 the position of the event, $6 the error
update subscription
   set resumes_as = status, status = 'halted', halted_position = $5, attempts = attempts + 1, last_error = $6,
       updated_at_us = $4, lease_until_us = 0
 where name = $1 and generation = $2 and lease_token = $3 and status in ('building', 'live')
