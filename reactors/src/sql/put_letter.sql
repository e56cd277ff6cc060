insert into letter (position, receiver_id, not_before_us) values ($1, $2, $3) on conflict (position, receiver_id) do nothing
