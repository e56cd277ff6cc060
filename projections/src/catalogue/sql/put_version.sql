insert into catalogue_version (
  generation, version_id, plugin_id, version, version_order, sha256, size_bytes, experimental, qgis_min, qgis_max,
  uploaded_by, by_token, uploaded_at_us, replaced_at_us, approved, approved_at_us, yanked_reason, refused_reason, review_asked, pinned, license
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
)
on conflict (generation, version_id) do update set
  plugin_id = excluded.plugin_id,
  version = excluded.version,
  version_order = excluded.version_order,
  sha256 = excluded.sha256,
  size_bytes = excluded.size_bytes,
  experimental = excluded.experimental,
  qgis_min = excluded.qgis_min,
  qgis_max = excluded.qgis_max,
  uploaded_by = excluded.uploaded_by,
  by_token = excluded.by_token,
  uploaded_at_us = excluded.uploaded_at_us,
  replaced_at_us = excluded.replaced_at_us,
  approved = excluded.approved,
  approved_at_us = excluded.approved_at_us,
  yanked_reason = excluded.yanked_reason,
  refused_reason = excluded.refused_reason,
  review_asked = excluded.review_asked,
  pinned = excluded.pinned,
  license = excluded.license
