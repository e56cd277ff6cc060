-- $3 until when, $4 how many attempts count
update letter set not_before_us = $3, attempts = $4 where position = $1 and receiver_id = $2
