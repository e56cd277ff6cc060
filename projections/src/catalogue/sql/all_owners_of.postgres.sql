-- $2 plugins, $3 generation of people
select plugin_id, account_id
  from catalogue_owner
 where generation = $1 and plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
union
select p.plugin_id, m.account_id
  from catalogue_plugin p
  join people_team_plugin t on t.generation = $3 and t.package_key = p.package_key
  join people_team_member m on m.generation = t.generation and m.team_key = t.team_key
 where p.generation = $1 and p.plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
 order by plugin_id, account_id
