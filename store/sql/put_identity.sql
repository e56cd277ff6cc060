insert into identity (identity, account_id, issuer, subject, label, salt, linked_at_us)
values ($1, $2, $3, $4, $5, $6, $7)
