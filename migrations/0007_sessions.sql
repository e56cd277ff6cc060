-- Sessions with the digests of what continues them, keys that this database makes for itself, addresses of people who are
-- invited to sign up, and how often a name or an address failed to sign in. All of it may be erased.

create table session (
  session_id      uuid    not null primary key,
  account_id      uuid    not null,
  sort            text    not null,
  secret_sha256   bytea   not null unique,
  previous_sha256 bytea,
  second_factor   boolean not null,
  created_at_us   bigint  not null,
  last_used_at_us bigint  not null,
  expires_at_us   bigint  not null,
  agent           text,
  country         text
);

create index session_of_account on session (account_id, created_at_us);
create index session_by_end on session (expires_at_us);

-- Resetting a password begins with an address, in whatever case it is written.
create index person_by_email on person (lower(email));

create table secret_key (
  purpose       text   not null primary key,
  bytes         bytea  not null,
  created_at_us bigint not null
);

create table sign_up_address (
  challenge_id uuid not null primary key,
  email        text not null
);

create table attempt (
  subject      bytea  not null primary key,
  failures     bigint not null,
  failed_at_us bigint not null
);
