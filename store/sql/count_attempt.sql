insert into attempt (subject, failures, failed_at_us) values ($1, 1, $2)
on conflict (subject) do update
   set failures = case when attempt.failed_at_us <= $3 then 1 else attempt.failures + 1 end, failed_at_us = excluded.failed_at_us
