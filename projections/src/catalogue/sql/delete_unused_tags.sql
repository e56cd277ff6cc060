delete from catalogue_tag_count where generation = $1 and plugins = 0
