-- $2 the account, $3 now, $4 how many
select invitation_id, package, package_key, account_id, replaces_id, inviter_id, asked_at_us, expires_at_us
  from people_invitation
 where generation = $1 and account_id = $2 and expires_at_us > $3
 order by asked_at_us desc, invitation_id
 limit $4
