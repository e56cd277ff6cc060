-- The first of several changes counts: whoever takes an account over changes its address as often as it takes.
insert into former_address (account_id, email, changed_at_us)
select account_id, email, $2 from person where account_id = $1
on conflict (account_id) do nothing
