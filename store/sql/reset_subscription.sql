update subscription
   set next_position = 0, status = coalesce(resumes_as, status), resumes_as = null, halted_position = null, attempts = 0,
       last_error = null, lease_token = lease_token + 1, lease_until_us = 0, updated_at_us = $3
 where name = $1 and generation = $2
