insert into letter_start (singleton, position) values (1, $1) on conflict (singleton) do nothing
