-- Accounts and their tokens, without names and addresses: those are in the vault. Rebuilt from the registry log at will.

create table people_account (
  generation       bigint  not null,
  account_id       uuid    not null,
  registered_at_us bigint  not null,
  trusted          boolean not null,
  staff            boolean not null,
  blocked          boolean not null,
  primary key (generation, account_id)
);

create table people_token (
  generation    bigint not null,
  token_id      uuid   not null,
  account_id    uuid   not null,
  package       text   not null,
  issued_at_us  bigint not null,
  expires_at_us bigint,
  revoked_at_us bigint,
  primary key (generation, token_id)
);
create index people_token_account on people_token (generation, account_id);
