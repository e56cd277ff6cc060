-- What second factors are made of. Erasable like all of the vault, and secret: a copy of these rows signs in with a password.

create table second_factor (
  factor_id       uuid   not null primary key,
  account_id      uuid   not null,
  sort            text   not null,
  label           text   not null,
  -- The key of an app's codes, or what is known of a passkey.
  secret          bytea  not null,
  -- The half minute of the last code that was taken, so that none is taken twice; 0 for passkeys.
  last_step       bigint not null,
  created_at_us   bigint not null,
  last_used_at_us bigint
);

create index second_factor_by_account on second_factor (account_id, created_at_us);

create table recovery_code (
  account_id  uuid not null,
  code_sha256 text not null,
  used        boolean not null,
  primary key (account_id, code_sha256)
);

-- What was begun and waits for its second half: an app's first code, a passkey's answer.
create table factor_ceremony (
  ceremony_id   uuid   not null primary key,
  account_id    uuid   not null,
  sort          text   not null,
  state         bytea  not null,
  expires_at_us bigint not null
);

create index factor_ceremony_by_account on factor_ceremony (account_id);
create index factor_ceremony_by_end on factor_ceremony (expires_at_us);
