-- The two logs. A position is passed in by the program, gapless from 0: commit order, and the leaf index of a Merkle tree.

create table event (
  position       integer not null primary key check (position >= 0),
  recorded_at_us integer not null,
  event_id       blob    not null unique check (length(event_id) = 16),
  stream         text    not null,
  version        integer not null check (version > 0),
  kind           text    not null,
  schema_version integer not null check (schema_version between 0 and 32767),
  payload        blob    not null check (length(payload) <= 60000),
  metadata       blob    not null check (length(metadata) <= 4096),
  unique (stream, version)
) strict;

create table download_batch (
  position       integer not null primary key check (position >= 0),
  recorded_at_us integer not null,
  writer_id      blob    not null check (length(writer_id) = 16),
  writer_seq     integer not null check (writer_seq > 0),
  first_at_us    integer not null,
  last_at_us     integer not null,
  n              integer not null check (n > 0),
  format         integer not null check (format between 0 and 32767),
  body           blob    not null check (length(body) <= 60000)
) strict;

create index download_batch_writer on download_batch (writer_id, position);

create trigger event_keeps_rows before update on event
begin select raise(abort, 'event is append-only'); end;
create trigger event_keeps_all before delete on event
begin select raise(abort, 'event is append-only'); end;
create trigger download_batch_keeps_rows before update on download_batch
begin select raise(abort, 'download_batch is append-only'); end;
create trigger download_batch_keeps_all before delete on download_batch
begin select raise(abort, 'download_batch is append-only'); end;

-- What a command answered, so that the same command id gets the same answer.
create table command_outcome (
  command_id     blob    not null primary key check (length(command_id) = 16),
  fingerprint    blob    not null,
  position       integer,
  answer         blob    not null,
  recorded_at_us integer not null
) strict;
