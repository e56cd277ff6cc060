select identity, account_id, issuer, subject, label, salt, linked_at_us from identity
 where issuer = $1 and subject = $2
