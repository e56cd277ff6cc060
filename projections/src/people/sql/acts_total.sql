select count(*) as n from people_act where generation = $1 and account_id = $2
