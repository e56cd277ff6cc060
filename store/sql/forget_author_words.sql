delete from author_word
 where author_key = $1 and not exists (select 1 from package_author where author_key = $1)
