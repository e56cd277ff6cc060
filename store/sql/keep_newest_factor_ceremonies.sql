delete from factor_ceremony
 where account_id = $1
   and ceremony_id not in (
         select ceremony_id from factor_ceremony where account_id = $1 order by expires_at_us desc limit $2)
