-- $1 words, $2 rows of the search: those that have the words
select row_id
  from catalogue_search
 where words @@ cast($1 as tsquery) and row_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
 order by row_id
