insert into download_batch (position, recorded_at_us, writer_id, writer_seq, first_at_us, last_at_us, n, format, body)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
