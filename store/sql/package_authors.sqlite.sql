select sha256, author, email from package_author
 where sha256 in (select value from json_each($1)) order by sha256
