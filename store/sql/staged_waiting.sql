select count(*) as n, cast(coalesce(sum(size_bytes), 0) as bigint) as bytes
from staged_package
where until_us > $1
