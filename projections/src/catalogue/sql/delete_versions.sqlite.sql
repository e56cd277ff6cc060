-- $2 versions
delete from catalogue_version where generation = $1 and version_id in (select value from json_each($2))
