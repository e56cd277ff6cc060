insert into people_token (generation, token_id, account_id, package, issued_at_us, expires_at_us, revoked_at_us)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (generation, token_id) do update set revoked_at_us = excluded.revoked_at_us
