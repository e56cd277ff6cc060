select name, generation, log, next_position, status, resumes_as, halted_position, lease_owner, lease_until_us, attempts,
       last_error, updated_at_us
  from subscription order by name, generation
