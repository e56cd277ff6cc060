//! The whole thing, outside in, on both databases.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

mod accounts;
mod country;
mod describe;
mod download;
mod erasure;
mod factors;
mod feeds;
mod graphql;
mod letters;
mod life;
mod once;
mod operate;
mod owners;
mod publish;
mod publishing;
mod qgis_labels;
mod rpc;
mod six_people;
mod token_pages;
mod tokens;
mod trust_page;
mod two_nodes;
