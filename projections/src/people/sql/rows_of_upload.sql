select token_id, package_key, version
  from people_upload
 where generation = $1
 order by token_id
