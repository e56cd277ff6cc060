//! The whole thing, outside in, on both databases.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

mod country;
mod describe;
mod download;
mod factors;
mod feeds;
mod graphql;
mod letters;
mod once;
mod operate;
mod publish;
mod publishing;
mod qgis_labels;
mod rpc;
mod tokens;
mod two_nodes;
