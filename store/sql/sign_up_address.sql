select email from sign_up_address where challenge_id = $1
