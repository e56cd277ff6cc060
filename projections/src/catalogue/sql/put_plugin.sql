insert into catalogue_plugin (
  generation, plugin_id, package, package_key, name, name_order, search_text, description, about, homepage, tracker,
  repository, category, plugin_dependencies, external_dependencies, server, deprecated, has_processing_provider,
  icon_sha256, icon_extension, creator_id, creator_trusted, created_at_us, updated_at_us, approved_stable,
  approved_experimental, waiting, votes, score, changed_at
) values (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
  $26, $27, $28, $29, $30
)
on conflict (generation, plugin_id) do update set
  package = excluded.package,
  package_key = excluded.package_key,
  name = excluded.name,
  name_order = excluded.name_order,
  search_text = excluded.search_text,
  description = excluded.description,
  about = excluded.about,
  homepage = excluded.homepage,
  tracker = excluded.tracker,
  repository = excluded.repository,
  category = excluded.category,
  plugin_dependencies = excluded.plugin_dependencies,
  external_dependencies = excluded.external_dependencies,
  server = excluded.server,
  deprecated = excluded.deprecated,
  has_processing_provider = excluded.has_processing_provider,
  icon_sha256 = excluded.icon_sha256,
  icon_extension = excluded.icon_extension,
  creator_id = excluded.creator_id,
  creator_trusted = excluded.creator_trusted,
  created_at_us = excluded.created_at_us,
  updated_at_us = excluded.updated_at_us,
  approved_stable = excluded.approved_stable,
  approved_experimental = excluded.approved_experimental,
  waiting = excluded.waiting,
  votes = excluded.votes,
  score = excluded.score,
  changed_at = excluded.changed_at
