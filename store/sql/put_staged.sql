insert into staged_package (staged_id, account_id, sha256, size_bytes, into_package, replaces, until_us)
values ($1, $2, $3, $4, $5, $6, $7)
