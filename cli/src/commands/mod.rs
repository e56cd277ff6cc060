//! One file per subcommand.

pub mod approve;
pub mod check;
pub mod digest;
pub mod events;
pub mod factor;
pub mod healthcheck;
pub mod identity;
pub mod inspect;
pub mod keys;
pub mod metadata;
pub mod owner;
pub mod plugin;
pub mod project;
pub mod publisher;
pub mod qgis;
pub mod rebuild;
pub mod serve;
pub mod site;
pub mod team;
pub mod token;
pub mod undo;
pub mod upload;
pub mod user;
pub mod version;
