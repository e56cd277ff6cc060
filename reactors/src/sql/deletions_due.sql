select package from plugin_deletion where until_us <= $1 order by until_us, package limit $2
