-- $2 an account; the newest first
select publisher_id, package, account_id, issuer, repository, workflow, environment, ref_pattern, may_approve,
       named_at_us, removed_at_us
  from people_publisher
 where generation = $1 and account_id = $2 and removed_at_us is null
 order by named_at_us desc, publisher_id
 limit $3
