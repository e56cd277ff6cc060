-- Who somebody is elsewhere: in the directory, or at an identity provider. Erasable like all of the vault. A row goes with its
-- salt, after which the commitment in the log is noise.

create table identity (
  -- The commitment in the log, 64 hexadecimal digits.
  identity     text   not null primary key,
  account_id   uuid   not null,
  issuer       text   not null,
  subject      text   not null,
  -- What the holder is called there.
  label        text   not null,
  salt         bytea  not null,
  linked_at_us bigint not null,
  unique (issuer, subject)
);

create index identity_of_account on identity (account_id, linked_at_us);
