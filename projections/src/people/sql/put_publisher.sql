insert into people_publisher (generation, publisher_id, package, account_id, issuer, repository, workflow,
  environment, ref_pattern, may_approve, named_at_us, removed_at_us)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (generation, publisher_id) do update set removed_at_us = excluded.removed_at_us
