insert into plugin_deletion (package, until_us) values ($1, $2)
on conflict (package) do update set until_us = excluded.until_us
