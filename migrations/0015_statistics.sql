-- Downloads by plugin and of all plugins together, so that no question adds up all versions; and what was done on each day.
-- Rebuilt from the logs at will.
--
-- day counts days since 1970-01-01 in UTC, month counts months since January 1970. qgis and country are as in 0005. From now on
-- download_qgis and download_country, which were by version, are written no more.

-- recent: in the 30 days that end with the newest day on which anything was downloaded.
create table download_plugin (
  generation bigint not null,
  plugin_id  bigint not null,
  n          bigint not null,
  recent     bigint not null,
  primary key (generation, plugin_id)
);
create index download_plugin_most on download_plugin (generation, n, plugin_id);
create index download_plugin_recent on download_plugin (generation, recent, plugin_id);

create table download_plugin_day (
  generation bigint not null,
  plugin_id  bigint not null,
  day        bigint not null,
  n          bigint not null,
  primary key (generation, plugin_id, day)
);

create table download_plugin_month (
  generation bigint not null,
  plugin_id  bigint not null,
  month      bigint not null,
  n          bigint not null,
  primary key (generation, plugin_id, month)
);

create table download_plugin_qgis (
  generation bigint not null,
  plugin_id  bigint not null,
  month      bigint not null,
  qgis       bigint not null,
  n          bigint not null,
  primary key (generation, plugin_id, month, qgis)
);

create table download_plugin_country (
  generation bigint not null,
  plugin_id  bigint not null,
  month      bigint not null,
  country    text   not null,
  n          bigint not null,
  primary key (generation, plugin_id, month, country)
);

create table download_all_day (
  generation bigint not null,
  day        bigint not null,
  n          bigint not null,
  primary key (generation, day)
);

create table download_all_qgis (
  generation bigint not null,
  day        bigint not null,
  qgis       bigint not null,
  n          bigint not null,
  primary key (generation, day, qgis)
);

create table download_all_country (
  generation bigint not null,
  day        bigint not null,
  country    text   not null,
  n          bigint not null,
  primary key (generation, day, country)
);

create table download_all_country_month (
  generation bigint not null,
  month      bigint not null,
  country    text   not null,
  n          bigint not null,
  primary key (generation, month, country)
);

-- How often each deed was done on a day: plugins registered, versions uploaded and approved, accounts made.
create table people_deed (
  generation bigint not null,
  day        bigint not null,
  deed       text   not null,
  n          bigint not null,
  primary key (generation, day, deed)
);

-- Which account did what is in the log at a position. Votes are not here: nobody is told who voted.
create table people_act (
  generation bigint not null,
  position   bigint not null,
  account_id uuid   not null,
  primary key (generation, position)
);
create index people_act_account on people_act (generation, account_id, position);

-- The token by which the present file of a version came; not here where a person uploaded it.
create table people_upload (
  generation  bigint not null,
  package_key text   not null,
  version     text   not null,
  token_id    uuid   not null,
  primary key (generation, package_key, version)
);

-- Null while it is not blocked, or nobody said why.
alter table people_account add column blocked_reason text;
alter table people_account add column blocked_at_us bigint;
alter table people_account add column signed_in_at_us bigint;
create index people_account_by_time on people_account (generation, registered_at_us, account_id);

-- What statistics count of plugins without reading their texts.
create index catalogue_plugin_counted on catalogue_plugin
  (generation, updated_at_us, approved_stable, approved_experimental, marked_until_us, yanked, creator_id);

-- Those that somebody should look at, or may have refused; few among many.
create index catalogue_version_waiting on catalogue_version (generation, version_id) where (not approved or review_asked);
