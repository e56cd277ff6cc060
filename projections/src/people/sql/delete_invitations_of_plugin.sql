delete from people_invitation where generation = $1 and package_key = $2
