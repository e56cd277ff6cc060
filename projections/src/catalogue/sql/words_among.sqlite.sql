-- $1 words, $2 rows of the search: those that have the words
select rowid from catalogue_word where catalogue_word match $1 and rowid in (select value from json_each($2)) order by rowid
