delete from letter where position = $1 and receiver_id = $2
