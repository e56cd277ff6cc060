//! The whole thing, outside in, on both databases.

#![expect(clippy::unwrap_used, reason = "what helps a story fails as the story does")]

mod accounts;
mod author_pages;
mod country;
mod demo;
mod describe;
mod documents;
mod download;
mod erasure;
mod factors;
mod feeds;
mod graphql;
mod headers;
mod hostile;
mod letters;
mod life;
mod machine_pages;
mod once;
mod openapi;
mod operate;
mod owners;
mod publish;
mod publishing;
mod qgis_labels;
mod relay;
mod rpc;
mod search;
mod signing_in;
mod six_people;
mod staff_pages;
mod staff_queries;
mod staged;
mod statements;
mod statistics;
mod subscriptions;
mod token_pages;
mod tokens;
mod trust_page;
mod two_nodes;
mod visitor_pages;
