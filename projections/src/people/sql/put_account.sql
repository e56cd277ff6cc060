insert into people_account (generation, account_id, registered_at_us, trusted, staff, blocked)
values ($1, $2, $3, $4, $5, $6)
on conflict (generation, account_id) do update
   set trusted = excluded.trusted, staff = excluded.staff, blocked = excluded.blocked
