select factor_id, account_id, sort, label, secret, last_step, created_at_us, last_used_at_us
  from second_factor where account_id = $1 order by created_at_us, factor_id
