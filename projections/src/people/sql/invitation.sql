select invitation_id, package, package_key, account_id, replaces_id, inviter_id, asked_at_us, expires_at_us
  from people_invitation
 where generation = $1 and invitation_id = $2
