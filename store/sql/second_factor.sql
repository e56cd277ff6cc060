select factor_id, account_id, sort, label, secret, last_step, created_at_us, last_used_at_us
  from second_factor where factor_id = $1
