-- $2 the first version_id, $3 how many rows
select version_id, plugin_id, version, version_order, sha256, size_bytes, experimental, qgis_min, qgis_max,
       uploaded_by, by_token, uploaded_at_us, replaced_at_us, approved, approved_at_us, yanked_reason, refused_reason, review_asked, pinned, license
  from catalogue_version
 where generation = $1 and version_id >= $2
 order by version_id
 limit $3
