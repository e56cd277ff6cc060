-- How far each generation of each projection has read its log, and who is reading.

create table subscription (
  name            text    not null,
  generation      int     not null,
  log             text    not null check (log in ('registry', 'downloads')),
  next_position   bigint  not null default 0,
  status          text    not null default 'building' check (status in ('building', 'live', 'halted', 'retired')),
  resumes_as      text    check (resumes_as in ('building', 'live')),
  halted_position bigint,
  lease_owner     text,
  lease_token     bigint  not null default 0,
  lease_until_us  bigint  not null default 0,
  attempts        int     not null default 0,
  last_error      text,
  updated_at_us   bigint  not null,
  primary key (name, generation),
  check ((status = 'halted') = (resumes_as is not null))
);

-- A live projection that halted still answers, so it still counts as the live one.
create unique index subscription_one_live on subscription (name) where status = 'live' or resumes_as = 'live';
