select account_id, name, name_folded, email, password_hash, salt, created_at_us from person
 where lower(email) = lower($1) order by name_folded limit $2
