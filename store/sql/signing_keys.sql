select kid, private_der, public, created_at_us from signing_key order by created_at_us desc, kid
