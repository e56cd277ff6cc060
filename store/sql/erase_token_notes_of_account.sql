delete from token_note where account_id = $1
