delete from letter_staff where account_id = $1
