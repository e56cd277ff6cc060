select bytes from secret_key where purpose = $1
