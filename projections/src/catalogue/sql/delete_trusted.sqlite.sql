-- $2 accounts
delete from catalogue_trusted where generation = $1 and account_id in (select unhex(value) from json_each($2))
