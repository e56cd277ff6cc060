-- some rows of generation $1, at least $2 if there are as many
delete from catalogue_search
 where generation = $1
   and plugin_id in (select plugin_id from catalogue_search where generation = $1 order by plugin_id limit $2)
