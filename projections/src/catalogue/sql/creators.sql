select distinct creator_id from catalogue_plugin where generation = $1 order by creator_id
