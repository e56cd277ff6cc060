-- $1 now, $2 until when nobody else takes it. The last condition is for PostgreSQL, where two may have found the same row: the one
-- who comes second sees that it was moved.
update letter set attempts = attempts + 1, not_before_us = $2
 where (position, receiver_id) =
       (select position, receiver_id from letter where not_before_us <= $1 order by not_before_us, position, receiver_id limit 1)
   and not_before_us <= $1
returning position, receiver_id, attempts
