select count(*) as n,
       (select e.recorded_at_us
          from letter l
          join event e on e.position = l.position
         order by l.position
         limit 1) as oldest_at_us
  from letter
