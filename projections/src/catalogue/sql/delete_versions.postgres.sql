-- $2 versions
delete from catalogue_version where generation = $1 and version_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
