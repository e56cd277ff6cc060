-- $2 plugins, $3 voters
select plugin_id, voter, score
  from catalogue_vote
 where generation = $1
   and plugin_id in (select value from json_each($2))
   and voter in (select unhex(value) from json_each($3))
