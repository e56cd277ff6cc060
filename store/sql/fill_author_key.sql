update package_author set author_key = $2 where sha256 = $1 and author_key is null
