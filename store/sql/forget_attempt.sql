delete from attempt where subject = $1
