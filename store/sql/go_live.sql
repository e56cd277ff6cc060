-- In the same transaction the live generation was retired, so that its position stands: nobody is shown an older state than before.
update subscription set status = 'live', updated_at_us = $3
 where name = $1 and generation = $2 and status = 'building'
   and next_position >= (select coalesce(max(o.next_position), 0) from subscription o where o.name = $1 and o.status = 'retired')
