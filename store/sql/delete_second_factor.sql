delete from second_factor where factor_id = $1
