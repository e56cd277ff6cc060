delete from former_address where changed_at_us <= $1
