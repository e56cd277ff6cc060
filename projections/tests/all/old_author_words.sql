delete from author_word
