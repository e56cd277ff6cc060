-- $2 plugins, not ordered, because SQLite would then walk through all versions; author and names of people are the vault's
select v.version_id, v.plugin_id, v.version, v.version_order, v.sha256, v.size_bytes, v.experimental, v.qgis_min,
       v.qgis_max, v.uploaded_by, v.by_token, v.uploaded_at_us, v.replaced_at_us, v.approved, v.approved_at_us,
       v.yanked_reason, v.refused_reason, v.review_asked, v.pinned, v.license,
       x.changelog, a.author, a.email, u.name as uploaded_by_name
  from catalogue_version v
  join catalogue_version_text x on x.generation = v.generation and x.version_id = v.version_id
  left join package_author a on a.sha256 = v.sha256
  left join person u on u.account_id = v.uploaded_by
 where v.generation = $1 and v.plugin_id in (select value from json_each($2)) and v.approved and v.yanked_reason is null
