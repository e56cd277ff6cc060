-- $2 to $3 the days before the first whole month, $4 to $5 the whole months, $6 to $7 the days after the last
select country, cast(sum(n) as bigint) as n
  from (
    select country, n from download_all_country_month where generation = $1 and month >= $4 and month <= $5
    union all
    select country, n from download_all_country where generation = $1 and day >= $2 and day <= $3
    union all
    select country, n from download_all_country where generation = $1 and day >= $6 and day <= $7
  ) parts
 group by country
