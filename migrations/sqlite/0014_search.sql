-- How plugins are found and listed. All catalogue_ tables are rebuilt from the registry log; the words of authors are the vault's.

-- What lists filter and order by, narrow, one row for each plugin. Columns that end in _order are bytes, because text sorts
-- differently from server to server. name_key and package_key are what is typed to find it: letters and digits only, folded.
create table catalogue_entry (
  generation    bigint  not null,
  plugin_id     bigint  not null,
  package       text    not null,
  name_key      text    not null,
  package_key   text    not null,
  name_order    bytea   not null,
  listed        boolean not null,
  waits         boolean not null,
  deleted       boolean not null,
  stable        boolean not null,
  experimental  boolean not null,
  server        boolean not null,
  processing    boolean not null,
  featured      boolean not null,
  deprecated    boolean not null,
  trusted       boolean not null,
  created_at_us bigint  not null,
  updated_at_us bigint  not null,
  votes         bigint  not null,
  -- The average vote drawn towards 3 while votes are few, in millionths.
  rating        bigint  not null,
  -- What its downloads count for among popular plugins, in millionths.
  liked         bigint  not null,
  -- The package whose author line is the plugin's.
  author_sha256 text,
  primary key (generation, plugin_id)
);
create index catalogue_entry_package on catalogue_entry (generation, package);
create index catalogue_entry_name on catalogue_entry (generation, listed, name_order, plugin_id);
create index catalogue_entry_created on catalogue_entry (generation, listed, created_at_us desc, plugin_id);
create index catalogue_entry_updated on catalogue_entry (generation, listed, updated_at_us desc, plugin_id);
create index catalogue_entry_rating on catalogue_entry (generation, listed, rating desc, plugin_id);
create index catalogue_entry_votes on catalogue_entry (generation, listed, votes desc, plugin_id);
create index catalogue_entry_author on catalogue_entry (generation, author_sha256);
create index catalogue_entry_featured on catalogue_entry (generation, plugin_id) where featured;
create index catalogue_entry_deprecated on catalogue_entry (generation, plugin_id) where deprecated;
create index catalogue_entry_server on catalogue_entry (generation, plugin_id) where server;

-- The QGIS versions that the offered versions of a plugin run on, each range once: 3.40.5 is 3040005.
create table catalogue_range (
  generation   bigint  not null,
  plugin_id    bigint  not null,
  experimental boolean not null,
  qgis_from    bigint  not null,
  qgis_to      bigint  not null,
  primary key (generation, plugin_id, experimental, qgis_from, qgis_to)
);

-- In place of catalogue_tag_tag: it leads to plugins without their rows.
drop index catalogue_tag_tag;
create index catalogue_tag_plugins on catalogue_tag (generation, tag, plugin_id);

-- How many listed plugins have a tag. tag is bytes, so that it sorts alike everywhere.
create table catalogue_tag_count (
  generation bigint not null,
  tag        bytea  not null,
  plugins    bigint not null,
  primary key (generation, tag)
);
create index catalogue_tag_count_plugins on catalogue_tag_count (generation, plugins desc, tag);

-- The words of each plugin, as the program makes them: folded, one blank between two. row_id is generation * 2^40 + plugin_id.
create table catalogue_search (
  row_id     bigint not null,
  generation bigint not null,
  plugin_id  bigint not null,
  names      text   not null,
  tags       text   not null,
  texts      text   not null,
  abouts     text   not null,
  primary key (generation, plugin_id)
);

-- Words come as they are to be found, so that the tokenizer only cuts at blanks.
create virtual table catalogue_word using fts5 (
  names, tags, texts, abouts,
  content = '', contentless_delete = 1, detail = column, prefix = '1 2 3', tokenize = 'ascii'
);
create trigger catalogue_search_put after insert on catalogue_search begin
  insert into catalogue_word (rowid, names, tags, texts, abouts)
  values (new.row_id, new.names, new.tags, new.texts, new.abouts);
end;
create trigger catalogue_search_changed after update on catalogue_search begin
  delete from catalogue_word where rowid = old.row_id;
  insert into catalogue_word (rowid, names, tags, texts, abouts)
  values (new.row_id, new.names, new.tags, new.texts, new.abouts);
end;
create trigger catalogue_search_gone after delete on catalogue_search begin
  delete from catalogue_word where rowid = old.row_id;
end;

-- Three letters in a row of names, for those who mistype; a gram is its three letters as one number.
create table catalogue_trigram (
  generation bigint not null,
  gram       bigint not null,
  plugin_id  bigint not null,
  primary key (generation, gram, plugin_id)
);
create index catalogue_trigram_plugin on catalogue_trigram (generation, plugin_id);

-- The author line as authors are compared and ordered, folded and at most 200 characters; null until the program has filled it
-- in. Goes with the row.
alter table package_author add column author_key bytea;
create index package_author_key on package_author (author_key);

-- The words of each author line that a package has; a line that no package has any more leaves nothing here.
create table author_word (
  word       bytea not null,
  author_key bytea not null,
  primary key (word, author_key)
);
create index author_word_author on author_word (author_key);
