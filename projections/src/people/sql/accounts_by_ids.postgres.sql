-- $2 accounts; names and addresses are the vault's, and null where they were erased
select a.account_id, a.registered_at_us, a.trusted, a.staff, a.blocked, a.admin, a.blocked_until_us,
       a.erased, a.blocked_reason, a.blocked_at_us, a.signed_in_at_us, p.name, p.email
  from people_account a
  left join person p on p.account_id = a.account_id
 where a.generation = $1 and a.account_id in (select cast(json_array_elements_text(cast($2 as json)) as uuid))
 order by a.account_id
