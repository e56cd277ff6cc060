select identity, account_id, issuer, subject, label, salt, linked_at_us from identity
 where account_id = $1
 order by linked_at_us, identity
