select account_id, name, name_folded, email, password_hash, salt, created_at_us from person where account_id = $1
