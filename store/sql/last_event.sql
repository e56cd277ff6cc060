select position, recorded_at_us from event order by position desc limit 1
