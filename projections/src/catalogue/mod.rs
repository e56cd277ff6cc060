//! Plugins, versions, owners, tags and votes: what listings, pages and feeds are made of.

mod feed_rows;
mod fold;
mod life;
mod list;
mod load;
mod owners;
mod plugin;
mod state;
mod tables;
mod version;
mod write;

pub use feed_rows::{
    FeedPlugin, FeedVersion, feed_plugins, feed_rows_changed_since, plugin_counts, plugin_ids,
};
pub use list::{
    AllTag, BadCursor, Cursor, ListOf, Listed, PLUGINS_PER_PAGE_MAX, PluginFilter, PluginOrder, all_tags,
    plugins,
};
pub use owners::{all_owners_of, owners_of, owners_of_package, published_by};
pub use plugin::{
    Deprecation, Plugin, PreviousName, creators, plugin_by_id, plugin_by_name, plugin_by_package,
    plugin_like, plugins_by_ids, plugins_owned_by, tags_of,
};
pub use version::{
    ReplacedFile, Version, VersionTexts, offered, replaced_files_of, texts_of, version, version_by_id,
    versions_by_ids, versions_of,
};

pub(crate) use tables::TABLES;
pub(crate) use write::Rows;

use crate::fact::{Fault, facts};
use cairn_store::{Db, Recorded};

/// Folds a page of the registry log into the rows that it changes in a generation.
pub(crate) async fn fold(db: &Db, generation: i64, page: &[Recorded]) -> Result<Rows, Fault> {
    let facts = facts(page, fold::wants).await?;
    let mut state = load::load(db, generation, &facts).await?;
    state.take_all(facts)?;
    Ok(Rows::of(generation, state)?)
}
