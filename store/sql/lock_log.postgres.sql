-- A row that is never updated: an updated counter would leave a dead version behind for each append.
select log_id from log_lock where log_id = $1 for update
