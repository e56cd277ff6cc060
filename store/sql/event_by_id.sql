select position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata
  from event where event_id = $1
