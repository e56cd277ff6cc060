select failures, failed_at_us from attempt where subject = $1
