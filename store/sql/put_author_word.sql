insert into author_word (word, author_key) values ($1, $2)
on conflict (word, author_key) do nothing
