delete from staged_package where staged_id = $1
