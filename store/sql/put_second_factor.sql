insert into second_factor (factor_id, account_id, sort, label, secret, last_step, created_at_us, last_used_at_us)
values ($1, $2, $3, $4, $5, $6, $7, $8)
