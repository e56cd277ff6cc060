select position from letter where not_before_us <= $1 order by not_before_us, position limit 1
