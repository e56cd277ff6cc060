select position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata
  from event where position < $1 order by position desc limit $2
