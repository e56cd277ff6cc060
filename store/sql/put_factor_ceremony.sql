insert into factor_ceremony (ceremony_id, account_id, sort, state, expires_at_us) values ($1, $2, $3, $4, $5)
