-- The next batch of a writer goes to the next position, at no earlier time than the batch ahead; any other batch
-- goes nowhere. $1 now, $2 the writer, $3 its number
insert into download_batch
       (position, recorded_at_us, writer_id, writer_seq, first_at_us, last_at_us, n, format, body)
select coalesce(ahead.position + 1, 0),
       case when ahead.recorded_at_us > $1 then ahead.recorded_at_us else $1 end,
       $2, $3, $4, $5, $6, $7, $8
  from (select 1 as one) as single
  left join (select position, recorded_at_us from download_batch order by position desc limit 1) as ahead on true
 where $3 = 1 + coalesce(
       (select writer_seq from download_batch where writer_id = $2 order by position desc limit 1), 0)
returning position
