insert into person (account_id, name, name_folded, email, password_hash, salt, created_at_us)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (account_id) do update
   set name = excluded.name, name_folded = excluded.name_folded, email = excluded.email,
       password_hash = excluded.password_hash, salt = excluded.salt
