select tag, plugins
  from catalogue_tag_count
 where generation = $1
 order by tag
