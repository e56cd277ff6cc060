-- The two logs. A position is passed in by the program, gapless from 0: commit order, and the leaf index of a Merkle tree.

create table log_lock (log_id smallint primary key, name text not null unique);
insert into log_lock values (1, 'registry'), (2, 'downloads');
comment on table log_lock is 'Locked FOR UPDATE by whoever appends, never updated: an updated row would leave a version behind for each append';

create table event (
  position       bigint   primary key check (position >= 0),
  recorded_at_us bigint   not null,
  event_id       uuid     not null unique,
  stream         text     not null,
  version        int      not null check (version > 0),
  kind           text     not null,
  schema_version smallint not null check (schema_version >= 0),
  payload        bytea    not null check (octet_length(payload) <= 60000),
  metadata       bytea    not null check (octet_length(metadata) <= 4096),
  unique (stream, version)
);

create table download_batch (
  position       bigint   primary key check (position >= 0),
  recorded_at_us bigint   not null,
  writer_id      uuid     not null,
  writer_seq     bigint   not null check (writer_seq > 0),
  first_at_us    bigint   not null,
  last_at_us     bigint   not null,
  n              int      not null check (n > 0),
  format         smallint not null check (format >= 0),
  body           bytea    not null check (octet_length(body) <= 60000)
);
-- Bodies are packed already; compressing them again costs time and saves nothing.
alter table download_batch alter column body set storage external;

create index download_batch_writer on download_batch (writer_id, position);

create function append_only() returns trigger language plpgsql as
$$ begin raise exception '% is append-only', tg_table_name using errcode = 'ES009'; end $$;

create trigger keeps_rows before update or delete on event          for each row       execute function append_only();
create trigger keeps_all  before truncate         on event          for each statement execute function append_only();
create trigger keeps_rows before update or delete on download_batch for each row       execute function append_only();
create trigger keeps_all  before truncate         on download_batch for each statement execute function append_only();

-- What a command answered, so that the same command id gets the same answer.
create table command_outcome (
  command_id     uuid   primary key,
  fingerprint    bytea  not null,
  position       bigint,
  answer         bytea  not null,
  recorded_at_us bigint not null
);
