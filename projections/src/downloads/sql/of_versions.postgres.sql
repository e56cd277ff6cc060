-- $2 versions
select version_id, n
  from download_total
 where generation = $1 and version_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
