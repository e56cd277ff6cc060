-- What must be erasable, and therefore is in no event: people's names and addresses, authors' addresses, private keys.

create table person (
  account_id    uuid   not null primary key,
  name          text   not null,
  name_folded   text   not null unique,
  email         text   not null,
  password_hash text,
  salt          bytea  not null,
  created_at_us bigint not null
);

create table package_author (
  sha256 text not null primary key,
  author text not null,
  email  text not null
);

create table signing_key (
  kid           text   not null primary key,
  private_der   bytea  not null,
  public        bytea  not null,
  created_at_us bigint not null
);
