-- $2 folded package names
select o.package_key, t.team
  from people_team_plugin o
  join people_team t on t.generation = o.generation and t.team_key = o.team_key
 where o.generation = $1 and o.package_key in (select json_array_elements_text(cast($2 as json)))
 order by o.package_key, t.formed_at_us, t.team_key
