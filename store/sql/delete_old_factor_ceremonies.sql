delete from factor_ceremony where expires_at_us <= $1
