delete from package_author where sha256 = $1 returning author_key
