-- $2 the account, $3 how many
select p.package, v.version
  from catalogue_version v
  join catalogue_plugin p on p.generation = v.generation and p.plugin_id = v.plugin_id
 where v.generation = $1 and v.uploaded_by = $2 and v.approved
 order by v.version_id
 limit $3
