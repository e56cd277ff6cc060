delete from package_author where sha256 = $1
