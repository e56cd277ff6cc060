//! The questions. Each takes `atLeast`: the answer is no older than that position of the registry log, or says `behind`.

mod events;
mod feed;
mod people;
mod plugins;
mod qgis;
mod site;
mod status;

pub(super) use plugins::{plugin_called, version_called};

use async_graphql::MergedObject;
use cairn_domain::Refusal;
use cairn_projections::catalogue::Cursor;

/// Everything that can be asked.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    plugins::PluginQueries,
    events::EventQueries,
    people::PeopleQueries,
    feed::FeedQueries,
    qgis::QgisQueries,
    site::SiteQueries,
    status::StatusQueries,
);

/// The place in a list that a caller gave back.
pub(super) fn cursor(text: Option<String>) -> Result<Option<Cursor>, Refusal> {
    text.map(|text| {
        text.parse().map_err(|fault: cairn_projections::catalogue::BadCursor| {
            Refusal::invalid("after", fault.to_string())
        })
    })
    .transpose()
}
