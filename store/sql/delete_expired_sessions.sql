delete from session where expires_at_us <= $1
