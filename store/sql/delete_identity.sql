delete from identity where account_id = $1 and identity = $2
