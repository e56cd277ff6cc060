insert into recovery_code (account_id, code_sha256, used) values ($1, $2, false)
