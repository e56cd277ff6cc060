-- $2 the versions of this account's plugins only, or null for all, $3 generation of people, $4 the version that the page lies
-- behind, $5 how many
select v.version_id, v.plugin_id, v.version, v.version_order, v.sha256, v.size_bytes, v.experimental, v.qgis_min, v.qgis_max,
       v.uploaded_by, v.by_token, v.uploaded_at_us, v.replaced_at_us, v.approved, v.approved_at_us, v.yanked_reason, v.refused_reason, v.review_asked, v.pinned, v.license
  from catalogue_version v
  join catalogue_plugin p on p.generation = v.generation and p.plugin_id = v.plugin_id
 where v.generation = $1
   and (not v.approved or v.review_asked)
   and v.refused_reason is null
   and p.marked_until_us is null and not p.tombstone
   and (cast($2 as uuid) is null
        or exists (select 1 from catalogue_owner o
                    where o.generation = p.generation and o.plugin_id = p.plugin_id and o.account_id = $2)
        or exists (select 1
                     from people_team_plugin t
                     join people_team_member m on m.generation = t.generation and m.team_key = t.team_key
                    where t.generation = $3 and t.package_key = p.package_key and m.account_id = $2))
   and v.version_id < $4
 order by v.version_id desc
 limit $5
