delete from factor_ceremony where ceremony_id = $1
