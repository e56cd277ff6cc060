delete from attempt where failed_at_us <= $1
