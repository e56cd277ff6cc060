-- What owners and staff say of a plugin and its versions beside the metadata. All of it is rebuilt from the registry log.

alter table catalogue_plugin add column deprecated_by_owner boolean not null default false;
alter table catalogue_plugin add column successor text;
alter table catalogue_plugin add column deprecated_reason text;
alter table catalogue_plugin add column featured boolean not null default false;
alter table catalogue_plugin add column maintainer_id uuid;
alter table catalogue_plugin add column renaming_allowed boolean not null default false;
-- Hidden, and to be buried then; null while it lives and when it is buried.
alter table catalogue_plugin add column marked_until_us bigint;
alter table catalogue_plugin add column marked_reason text;
-- Buried: without versions and owners, but with its number and its names.
alter table catalogue_plugin add column tombstone boolean not null default false;
-- The names it had before, the oldest first: [{"name": …, "until_us": …}]; null until its first details come.
alter table catalogue_plugin add column previous_names text;
-- How many of its public versions are yanked; approved_stable and approved_experimental do not count those.
alter table catalogue_plugin add column yanked bigint not null default 0;

-- Not null while it is yanked, or refused.
alter table catalogue_version add column yanked_reason text;
alter table catalogue_version add column refused_reason text;
alter table catalogue_version add column review_asked boolean not null default false;
alter table catalogue_version add column pinned boolean not null default false;

-- Files that waiting versions had before others took their places; staff may still look at them. replaced_at is the position of
-- the event that did it.
create table catalogue_replaced (
  generation     bigint not null,
  replaced_at    bigint not null,
  version_id     bigint not null,
  plugin_id      bigint not null,
  version        text   not null,
  sha256         text   not null,
  size_bytes     bigint not null,
  replaced_at_us bigint not null,
  primary key (generation, replaced_at)
);
create index catalogue_replaced_plugin on catalogue_replaced (generation, plugin_id);
