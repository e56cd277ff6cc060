-- Downloads by version and month, so that a long time is added up of few rows. Rebuilt from the downloads log at will.
--
-- month counts months since January 1970, as in 0015.

create table download_month (
  generation bigint not null,
  version_id bigint not null,
  month      bigint not null,
  n          bigint not null,
  primary key (generation, version_id, month)
);
