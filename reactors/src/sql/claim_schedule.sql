-- $2 when it is due next, $3 now
insert into schedule (name, next_at_us) values ($1, $2)
on conflict (name) do update set next_at_us = excluded.next_at_us where schedule.next_at_us <= $3
