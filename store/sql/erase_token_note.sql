delete from token_note where token_id = $1
