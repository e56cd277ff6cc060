update subscription
   set status = resumes_as, resumes_as = null, halted_position = null, attempts = 0, last_error = null, updated_at_us = $3
 where name = $1 and generation = $2 and status = 'halted'
