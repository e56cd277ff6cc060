-- $2 and $3 the first and the last word, $4 how many plugins; cross joins keep SQLite from going the other way round
select distinct e.plugin_id
  from author_word w
 cross join package_author a
 cross join catalogue_entry e
 where w.word >= $2 and w.word <= $3
   and a.author_key = w.author_key
   and e.generation = $1 and e.author_sha256 = a.sha256
 order by e.plugin_id
 limit $4
