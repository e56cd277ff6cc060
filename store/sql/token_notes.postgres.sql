-- $1 tokens
select token_id, account_id, note from token_note
 where token_id in (select cast(json_array_elements_text(cast($1 as json)) as uuid))
