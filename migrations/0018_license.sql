-- The licence of each version, and of each plugin that of its newest version on offer; null where it is not known. In catalogue_entry it is
-- bytes, so that it sorts alike everywhere.
alter table catalogue_version add column license text;
alter table catalogue_plugin add column license text;
alter table catalogue_entry add column license bytea;
create index catalogue_entry_license on catalogue_entry (generation, license, plugin_id) where listed and license is not null;
