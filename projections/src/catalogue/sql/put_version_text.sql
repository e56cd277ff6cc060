insert into catalogue_version_text (
  generation, version_id, changelog, warnings, details
) values (
  $1, $2, $3, $4, $5
)
on conflict (generation, version_id) do update set
  changelog = excluded.changelog,
  warnings = excluded.warnings,
  details = excluded.details
