-- $1 generation, $2 tags as JSON
select tag, plugins
  from catalogue_tag_count
 where generation = $1 and tag in (select convert_to(x.tag, 'UTF8') from json_array_elements_text(cast($2 as json)) as x (tag))
