select author_key from package_author where sha256 = $1
