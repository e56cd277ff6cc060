-- How often versions were downloaded. Rebuilt from the downloads log at will.
--
-- version_id is as in the catalogue; versions deleted since keep their rows. day counts days since 1970-01-01 in UTC.
-- qgis is major * 1000 + minor, or -1 where the client did not say. country is ISO 3166, or '--' where it is not known.

create table download_total (
  generation bigint not null,
  version_id bigint not null,
  n          bigint not null,
  primary key (generation, version_id)
);

create table download_day (
  generation bigint not null,
  version_id bigint not null,
  day        bigint not null,
  n          bigint not null,
  primary key (generation, version_id, day)
);

create table download_qgis (
  generation bigint not null,
  version_id bigint not null,
  qgis       bigint not null,
  n          bigint not null,
  primary key (generation, version_id, qgis)
);

create table download_country (
  generation bigint not null,
  version_id bigint not null,
  country    text   not null,
  n          bigint not null,
  primary key (generation, version_id, country)
);
