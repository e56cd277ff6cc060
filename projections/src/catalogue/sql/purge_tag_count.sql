-- some rows of generation $1, at least $2 if there are as many
delete from catalogue_tag_count
 where generation = $1
   and tag in (select tag from catalogue_tag_count where generation = $1 order by tag limit $2)
