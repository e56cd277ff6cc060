-- $2 the folded plugin name; while a plugin has no details, its package name stands for it
select plugin_id, package, package_key, name, name_order, search_text, description, about, homepage, tracker,
       repository, category, plugin_dependencies, external_dependencies, server, deprecated, has_processing_provider,
       icon_sha256, icon_extension, creator_id, creator_trusted, created_at_us, updated_at_us, approved_stable,
       approved_experimental, waiting, votes, score, changed_at, deprecated_by_owner, successor, deprecated_reason, featured,
       maintainer_id, renaming_allowed, marked_until_us, marked_reason, tombstone, previous_names, yanked, license
  from catalogue_plugin
 where generation = $1 and name_order = $2
 order by plugin_id
 limit 1
