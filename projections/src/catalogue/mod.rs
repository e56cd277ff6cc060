//! Plugins, versions, owners, tags and votes: what listings, pages and feeds are made of.

mod addresses;
mod entry;
mod feed_rows;
mod fold;
mod life;
mod list;
mod load;
mod owners;
mod plugin;
mod queue;
mod search;
mod state;
mod statement;
mod tables;
mod tags;
mod totals;
mod version;
mod write;

pub use addresses::{ADDRESSES_PER_PAGE_MAX, Address, addresses};
pub use feed_rows::{
    FeedPlugin, FeedVersion, feed_plugins, feed_rows_changed_since, plugin_counts, plugin_ids,
};
pub use list::{
    BadCursor, Cursor, ListOf, ListOrder, Listed, PLUGINS_PER_PAGE_MAX, PluginFilter, PluginOrder,
    SUGGESTED_MAX, TAGS_OF_FILTER_MAX, Window, plugins, suggest,
};
pub use owners::{all_owners_of, owners_of, owners_of_package, public_owners, published_by};
pub use plugin::{
    Deprecation, Plugin, PreviousName, creators, plugin_by_id, plugin_by_name, plugin_by_package,
    plugin_like, plugins_by_ids, plugins_called, plugins_owned_by, tags_of,
};
pub use queue::{waiting, waiting_total};
pub use tags::{
    AllTag, BadCountedCursor, Counted, CountedCursor, CountedList, CountedOrder, all_tags, authors, licenses,
    tags,
};
pub use totals::{Totals, totals};
pub use version::{
    ReplacedFile, Version, VersionTexts, offered, replaced_files_of, texts_of, version, version_by_id,
    versions_by_ids, versions_of,
};

pub(crate) use search::fill_author_words;
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
