//! The questions. Each takes `atLeast`: the answer is no older than that position of the registry log, or says `behind`.

mod actor;
mod counted;
mod credentials;
mod events;
mod feed;
mod filter;
mod people;
mod plugins;
mod qgis;
mod signing_in;
mod site;
mod staff;
mod staged;
mod statistics;
mod status;

pub(super) use events::Kinds;
pub(super) use plugins::{plugin_called, version_called};

use async_graphql::MergedObject;

/// Everything that can be asked.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    crate::graphql::node::NodeQueries,
    plugins::PluginQueries,
    counted::CountedQueries,
    events::EventQueries,
    people::PeopleQueries,
    signing_in::SigningInQueries,
    credentials::CredentialQueries,
    feed::FeedQueries,
    qgis::QgisQueries,
    site::SiteQueries,
    staged::StagedQueries,
    staff::StaffQueries,
    statistics::StatisticsQueries,
    status::StatusQueries,
);
