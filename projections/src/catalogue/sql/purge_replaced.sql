-- some rows of generation $1, at least $2 if there are as many
delete from catalogue_replaced
 where generation = $1
   and replaced_at in (select replaced_at from catalogue_replaced where generation = $1 order by replaced_at limit $2)
