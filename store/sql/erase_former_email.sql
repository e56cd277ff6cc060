delete from former_address where account_id = $1
