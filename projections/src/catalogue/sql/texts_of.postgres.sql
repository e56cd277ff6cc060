-- $2 versions
select version_id, changelog, warnings, details
  from catalogue_version_text
 where generation = $1 and version_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
 order by version_id
