-- What the repository does of its own accord: letters that wait to be sent, plugins whose time to be restored runs out, and
-- when schedules are due.

-- One letter of an event to one receiver. What it says is made when it is sent, of the event and of what the vault knows then.
create table letter (
  position      bigint not null,
  receiver_id   uuid   not null,
  attempts      bigint not null default 0,
  not_before_us bigint not null,
  primary key (position, receiver_id)
);

create index letter_by_time on letter (not_before_us, position);

-- Who gets letters for staff, as far as the log was read for mail.
create table letter_staff (
  account_id uuid not null primary key
);

-- Events from before mail was set up are read and never mailed.
create table letter_start (
  singleton  int    not null primary key check (singleton = 1),
  position   bigint not null
);

-- Plugins that are marked for deletion, and until when they can be restored.
create table plugin_deletion (
  package  text   not null primary key,
  until_us bigint not null
);

create index plugin_deletion_by_time on plugin_deletion (until_us);

-- When each schedule is due next; whichever node moves it on does the work.
create table schedule (
  name       text   not null primary key,
  next_at_us bigint not null
);

-- Where an account's mail went before its address was changed, so that its holder is told there. Kept for a week.
create table former_address (
  account_id    uuid   not null primary key,
  email         text   not null,
  changed_at_us bigint not null
);
