-- Packages that somebody looks at before they publish them: who may, and until when. Their bytes lie with the packages, under
-- the id and not under a digest, so that deleting them never takes away what somebody published meanwhile.

create table staged_package (
  staged_id    uuid   not null primary key,
  account_id   uuid   not null,
  sha256       text   not null,
  size_bytes   bigint not null,
  into_package text,
  replaces     text,
  until_us     bigint not null
);

create index staged_package_of_account on staged_package (account_id, until_us);

create index staged_package_by_time on staged_package (until_us);
