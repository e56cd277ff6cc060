-- $2 grams, $3 how many of them a plugin must have, $4 how many plugins: those that have most
select e.plugin_id, e.name_key, e.package_key, s.names
  from (select t.plugin_id, count(*) as n
          from catalogue_trigram t
         where t.generation = $1 and t.gram in (select value from json_each($2))
         group by +t.plugin_id
        having count(*) >= $3
         order by count(*) desc, t.plugin_id
         limit $4) alike
 cross join catalogue_entry e
 cross join catalogue_search s
 where e.generation = $1 and e.plugin_id = alike.plugin_id
   and s.generation = $1 and s.plugin_id = alike.plugin_id
 order by e.plugin_id
