-- What visitors, QGIS and owners see of plugins. Thrown away and rebuilt from the registry log at will: no row here is the truth.
--
-- Columns that end in _order are bytes, because text sorts differently from server to server.

create table catalogue_plugin (
  generation             bigint  not null,
  plugin_id              bigint  not null,
  package                text    not null,
  package_key            text    not null,
  name                   text    not null,
  name_order             bytea   not null,
  search_text            text    not null,
  description            text    not null,
  about                  text,
  homepage               text,
  tracker                text,
  repository             text,
  category               text,
  plugin_dependencies    text,
  external_dependencies  text,
  server                 boolean not null,
  deprecated             boolean not null,
  has_processing_provider boolean not null,
  icon_sha256            text,
  icon_extension         text,
  creator_id             uuid    not null,
  creator_trusted        boolean not null,
  created_at_us          bigint  not null,
  updated_at_us          bigint  not null,
  approved_stable        bigint  not null,
  approved_experimental  bigint  not null,
  waiting                bigint  not null,
  votes                  bigint  not null,
  score                  bigint  not null,
  changed_at             bigint  not null,
  primary key (generation, plugin_id)
);
create unique index catalogue_plugin_package on catalogue_plugin (generation, package_key);
create index catalogue_plugin_name on catalogue_plugin (generation, name_order);
create index catalogue_plugin_changed on catalogue_plugin (generation, changed_at);
create index catalogue_plugin_creator on catalogue_plugin (generation, creator_id);

create table catalogue_version (
  generation     bigint  not null,
  version_id     bigint  not null,
  plugin_id      bigint  not null,
  version        text    not null,
  version_order  bytea   not null,
  sha256         text    not null,
  size_bytes     bigint  not null,
  experimental   boolean not null,
  qgis_min       text    not null,
  qgis_max       text    not null,
  uploaded_by    uuid,
  by_token       boolean not null,
  uploaded_at_us bigint  not null,
  replaced_at_us bigint,
  approved       boolean not null,
  approved_at_us bigint,
  primary key (generation, version_id)
);
create index catalogue_version_plugin on catalogue_version (generation, plugin_id);

-- The long texts of a version, apart from it: an approval does not write them again.
create table catalogue_version_text (
  generation bigint not null,
  version_id bigint not null,
  changelog  text,
  warnings   text   not null,
  details    text   not null,
  primary key (generation, version_id)
);

-- Every version ever uploaded, deleted ones too, so that a plugin keeps the downloads they had.
create table catalogue_upload (
  generation bigint not null,
  version_id bigint not null,
  plugin_id  bigint not null,
  primary key (generation, version_id)
);
create index catalogue_upload_plugin on catalogue_upload (generation, plugin_id);

create table catalogue_owner (
  generation bigint not null,
  plugin_id  bigint not null,
  account_id uuid   not null,
  primary key (generation, plugin_id, account_id)
);
create index catalogue_owner_account on catalogue_owner (generation, account_id);

-- place: where the author put the tag, from 0.
create table catalogue_tag (
  generation bigint not null,
  plugin_id  bigint not null,
  place      bigint not null,
  tag        text   not null,
  primary key (generation, plugin_id, place)
);
create index catalogue_tag_tag on catalogue_tag (generation, tag);

-- Accounts that staff trust: a plugin registered later asks here about its creator.
create table catalogue_trusted (
  generation bigint not null,
  account_id uuid   not null,
  primary key (generation, account_id)
);

-- The latest score of each voter: a later vote replaces an earlier one.
create table catalogue_vote (
  generation bigint not null,
  plugin_id  bigint not null,
  voter      bytea  not null,
  score      bigint not null,
  primary key (generation, plugin_id, voter)
);
