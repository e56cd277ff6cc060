-- $2 how a folded name may be, a pattern, or null, $3 the same for an address in lower case, $4 any, admin, staff or user,
-- $5 whether blocked now or null, $6 the time now, $7 whether trusted or null
select count(*) as n
  from people_account a
  left join person p on p.account_id = a.account_id
 where a.generation = $1
   and (cast($2 as text) is null or p.name_folded like $2 escape '!' or lower(p.email) like $3 escape '!')
   and case cast($4 as text)
         when 'admin' then a.admin
         when 'staff' then a.staff
         when 'user' then not a.staff and not a.erased
         else true
       end
   and (cast($5 as boolean) is null
        or (a.blocked and (a.blocked_until_us is null or a.blocked_until_us > $6)) = $5)
   and (cast($7 as boolean) is null or a.trusted = $7)
