-- some rows of generation $1, at least $2 if there are as many
delete from download_plugin_qgis
 where generation = $1
   and plugin_id in (select plugin_id from download_plugin_qgis where generation = $1 order by plugin_id limit $2)
