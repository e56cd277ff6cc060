select sha256, author, email from package_author
 where sha256 in (select json_array_elements_text($1::json)) order by sha256 collate "C"
