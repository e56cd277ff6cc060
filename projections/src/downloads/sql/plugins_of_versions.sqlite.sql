-- $1 positions. The number of a version is the position of its upload + 1, that of a plugin the position of the first event
-- of its stream + 1, and neither ever changes.
select uploaded.position + 1 as version_id, first.position + 1 as plugin_id
  from event uploaded
  join event first on first.stream = uploaded.stream and first.version = 1
 where uploaded.kind = 'VersionUploaded' and uploaded.position in (select value from json_each($1))
