select position, recorded_at_us, writer_id, writer_seq, first_at_us, last_at_us, n, format, body
  from download_batch where position >= $1 order by position limit $2
