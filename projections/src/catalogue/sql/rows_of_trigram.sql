-- $2 the first plugin_id, $3 how many rows
select plugin_id, gram
  from catalogue_trigram
 where generation = $1 and plugin_id >= $2
 order by plugin_id
 limit $3
