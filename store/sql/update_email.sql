update person set email = $2 where account_id = $1
