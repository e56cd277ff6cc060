insert into people_invitation (
  generation, invitation_id, package, package_key, account_id, replaces_id, inviter_id, asked_at_us, expires_at_us
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (generation, invitation_id) do nothing
