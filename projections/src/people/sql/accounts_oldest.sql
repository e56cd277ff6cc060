-- $2 how a folded name may be, a pattern, or null, $3 the same for an address in lower case, $4 any, admin, staff or user,
-- $5 whether blocked now or null, $6 the time now, $7 whether trusted or null, $8 and $9 the account that the page lies
-- behind or null, $10 how many
select a.account_id, a.registered_at_us, a.trusted, a.staff, a.blocked, a.admin, a.blocked_until_us,
       a.erased, a.blocked_reason, a.blocked_at_us, a.signed_in_at_us, p.name, p.email
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
   and (cast($8 as bigint) is null or (a.registered_at_us, a.account_id) > ($8, $9))
 order by a.registered_at_us asc, a.account_id asc
 limit $10
