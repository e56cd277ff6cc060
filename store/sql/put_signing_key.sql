insert into signing_key (kid, private_der, public, created_at_us) values ($1, $2, $3, $4)
