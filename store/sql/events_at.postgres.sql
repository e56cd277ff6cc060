-- $1 positions
select position, recorded_at_us, event_id, stream, version, kind, schema_version, payload, metadata
  from event
 where position in (select cast(json_array_elements_text(cast($1 as json)) as bigint))
