-- What accounts call their tokens, which may be erased; and of the read model of people: what more is known of a token, and
-- trusted publishers.

create table token_note (
  token_id   uuid not null primary key,
  account_id uuid not null,
  note       text not null
);
create index token_note_of_account on token_note (account_id);

alter table people_token add column may_approve   boolean not null default true;
alter table people_token add column publisher_id  uuid;
alter table people_token add column repository    text;
alter table people_token add column git_ref       text;
alter table people_token add column commit_id     text;
alter table people_token add column last_used_day bigint;
create index people_token_package on people_token (generation, package);

create table people_publisher (
  generation    bigint  not null,
  publisher_id  uuid    not null,
  package       text    not null,
  account_id    uuid    not null,
  issuer        text    not null,
  repository    text    not null,
  workflow      text    not null,
  environment   text,
  ref_pattern   text,
  may_approve   boolean not null,
  named_at_us   bigint  not null,
  removed_at_us bigint,
  primary key (generation, publisher_id)
);
create index people_publisher_package on people_publisher (generation, package);
create index people_publisher_account on people_publisher (generation, account_id);
