-- $3 a repository in small letters; its names are of ASCII letters, which is all that lower changes on SQLite
select publisher_id, package, account_id, issuer, repository, workflow, environment, ref_pattern, may_approve,
       named_at_us, removed_at_us
  from people_publisher
 where generation = $1 and issuer = $2 and lower(repository) = $3 and removed_at_us is null
 order by named_at_us desc, publisher_id
 limit $4
