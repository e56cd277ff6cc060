-- $2 plugins; not ordered, because SQLite would then walk through all versions
select version_id, plugin_id, version, version_order, sha256, size_bytes, experimental, qgis_min, qgis_max,
       uploaded_by, by_token, uploaded_at_us, replaced_at_us, approved, approved_at_us, yanked_reason, refused_reason, review_asked, pinned, license
  from catalogue_version
 where generation = $1 and plugin_id in (select cast(json_array_elements_text(cast($2 as json)) as bigint))
