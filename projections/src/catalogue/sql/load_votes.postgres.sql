-- $2 plugins, $3 voters
select plugin_id, voter, score
  from catalogue_vote
 where generation = $1
   and plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
   and voter in (select decode(json_array_elements_text(cast($3 as json)), 'hex'))
