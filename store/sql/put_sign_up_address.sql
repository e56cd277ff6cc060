insert into sign_up_address (challenge_id, email) values ($1, $2)
on conflict (challenge_id) do update set email = excluded.email
