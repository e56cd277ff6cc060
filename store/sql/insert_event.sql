insert into event (position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
