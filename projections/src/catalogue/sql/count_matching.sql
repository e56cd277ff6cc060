-- how many rows a statement has, which is put in the place of the innermost one
select count(*) as n from (select 1 as one) matching
