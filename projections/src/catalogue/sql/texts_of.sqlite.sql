-- $2 versions
select version_id, changelog, warnings, details
  from catalogue_version_text
 where generation = $1 and version_id in (select value from json_each($2))
 order by version_id
