select sha256, author, email from package_author where author_key is null limit $1
