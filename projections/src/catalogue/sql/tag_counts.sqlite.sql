-- $1 generation, $2 tags as JSON
select tag, plugins
  from catalogue_tag_count
 where generation = $1 and tag in (select cast(value as blob) from json_each($2))
