select account_id from letter_staff order by account_id
