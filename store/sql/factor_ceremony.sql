select ceremony_id, account_id, sort, state, expires_at_us
  from factor_ceremony where ceremony_id = $1 and expires_at_us > $2
