insert into people_account (
  generation, account_id, registered_at_us, trusted, staff, blocked, admin, blocked_until_us, erased, blocked_reason,
  blocked_at_us, signed_in_at_us
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (generation, account_id) do update
   set trusted = excluded.trusted, staff = excluded.staff, blocked = excluded.blocked, admin = excluded.admin,
       blocked_until_us = excluded.blocked_until_us, erased = excluded.erased, blocked_reason = excluded.blocked_reason,
       blocked_at_us = excluded.blocked_at_us, signed_in_at_us = excluded.signed_in_at_us
