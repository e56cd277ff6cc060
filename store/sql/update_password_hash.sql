update person set password_hash = $2 where account_id = $1
