//! The read models on both engines, from events appended to real logs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod activity;
mod catalogue;
mod credentials;
mod downloads;
mod feeds;
mod life;
mod people;
mod quality;
mod real_list;
mod rebuilt;
mod search;
mod support;
mod teams;
mod worker;
