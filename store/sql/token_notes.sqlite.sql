-- $1 tokens
select token_id, account_id, note from token_note
 where token_id in (select unhex(value) from json_each($1))
