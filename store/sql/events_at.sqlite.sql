-- $1 positions
select position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata
  from event
 where position in (select value from json_each($1))
