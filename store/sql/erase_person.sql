delete from person where account_id = $1
