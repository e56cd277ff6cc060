-- some rows of generation $1, at least $2 if there are as many
delete from people_upload
 where generation = $1
   and package_key in (select package_key from people_upload where generation = $1 order by package_key limit $2)
