//! The read models on both engines, from events appended to real logs.

mod catalogue;
mod downloads;
mod feeds;
mod people;
mod rebuilt;
mod support;
mod worker;
