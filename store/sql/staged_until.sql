select staged_id, account_id, sha256, size_bytes, into_package, replaces, until_us
from staged_package
where until_us <= $1
order by until_us, staged_id
limit $2
