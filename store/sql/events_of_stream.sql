select position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata
  from event where stream = $1 and version > $2 order by version
