update subscription
   set status = 'retired', resumes_as = null, halted_position = null, lease_token = lease_token + 1, updated_at_us = $3
 where name = $1 and generation <> $2 and (status = 'live' or resumes_as = 'live')
