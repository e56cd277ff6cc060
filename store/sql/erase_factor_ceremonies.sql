delete from factor_ceremony where account_id = $1
