select staged_id, account_id, sha256, size_bytes, into_package, replaces, until_us
from staged_package
where staged_id = $1
