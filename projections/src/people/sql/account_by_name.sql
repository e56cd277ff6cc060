-- $2 the folded name
select a.account_id, a.registered_at_us, a.trusted, a.staff, a.blocked, a.admin, a.blocked_until_us,
       a.erased, a.blocked_reason, a.blocked_at_us, a.signed_in_at_us, p.name, p.email
  from person p
  join people_account a on a.account_id = p.account_id
 where a.generation = $1 and p.name_folded = $2
