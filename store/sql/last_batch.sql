select position, recorded_at_us from download_batch order by position desc limit 1
