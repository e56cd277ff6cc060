update recovery_code set used = true where account_id = $1 and code_sha256 = $2 and not used
