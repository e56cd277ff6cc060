-- $2 publishers
select publisher_id, package, account_id, issuer, repository, workflow, environment, ref_pattern, may_approve,
       named_at_us, removed_at_us
  from people_publisher
 where generation = $1 and publisher_id in (select unhex(value) from json_each($2))
