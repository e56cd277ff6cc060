insert into letter_staff (account_id) values ($1) on conflict (account_id) do nothing
