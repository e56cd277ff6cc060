delete from people_upload where generation = $1 and package_key = $2 and version = $3
