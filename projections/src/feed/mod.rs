//! The feeds that QGIS reads: each approved version rendered once, each feed composed in memory from what
//! changed.

pub mod body;
mod catalogue;
pub mod chunk;
pub mod compose;
mod entry;
mod follow;
pub mod fragment;
mod markup;
pub mod select;
mod shared;

pub use body::{Coding, FeedBody};
pub use compose::{FeedKey, FeedLimits, KeptFeeds};
pub use entry::icon_path;
pub use follow::{FeedSettings, Feeds};

#[cfg(test)]
mod tests;
