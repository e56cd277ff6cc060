-- $2 the account, which owns them itself or is in a team that does; $3 generation of people
select p.plugin_id, p.package, p.package_key, p.name, p.name_order, p.search_text, p.description, p.about, p.homepage,
       p.tracker, p.repository, p.category, p.plugin_dependencies, p.external_dependencies, p.server, p.deprecated,
       p.has_processing_provider, p.icon_sha256, p.icon_extension, p.creator_id, p.creator_trusted, p.created_at_us,
       p.updated_at_us, p.approved_stable, p.approved_experimental, p.waiting, p.votes, p.score, p.changed_at,
       p.deprecated_by_owner, p.successor, p.deprecated_reason, p.featured, p.maintainer_id,
       p.renaming_allowed, p.marked_until_us, p.marked_reason, p.tombstone, p.previous_names, p.yanked, p.license
  from catalogue_plugin p
 where p.generation = $1
   and (p.plugin_id in (select o.plugin_id from catalogue_owner o where o.generation = $1 and o.account_id = $2)
        or p.package_key in (select t.package_key
                               from people_team_member m
                               join people_team_plugin t on t.generation = m.generation and t.team_key = m.team_key
                              where m.generation = $3 and m.account_id = $2))
 order by p.name_order, p.plugin_id
