//! What is true of plugins and people: names, versions, packages, events, states, refusals.
//!
//! Nothing here does IO, reads a clock, waits, or knows SQL or HTTP; every function gives the same answer to the
//! same arguments for ever, so that a rule can be read as a table of examples and history can be replayed.

pub mod account;
pub mod download;
pub mod event;
pub mod ids;
pub mod known;
pub mod license;
pub mod moment;
pub mod names;
pub mod package;
pub mod plugin;
pub mod publisher;
pub mod qgis_version;
pub mod refusal;
pub mod session;
pub mod sign_up;
pub mod site;
pub mod team;
pub mod token;
pub mod upcast;
pub mod version_number;
pub mod votes;

pub use event::Event;
pub use known::Known;
pub use moment::{Actor, Moment};
pub use refusal::Refusal;
