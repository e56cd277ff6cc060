select writer_seq, position from download_batch where writer_id = $1 order by position desc limit 1
