insert into token_note (token_id, account_id, note)
values ($1, $2, $3)
on conflict (token_id) do update set note = excluded.note
