-- What a database holds whose last program knew of no words of authors; old_author_words.sql is the other half.
update package_author set author_key = null
