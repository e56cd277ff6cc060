delete from plugin_deletion where package = $1
