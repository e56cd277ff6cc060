//! The feeds that QGIS reads: each approved version rendered once, each feed composed in memory from what changed.

pub mod body;
mod catalogue;
pub mod chunk;
pub mod compose;
pub mod fragment;
mod markup;
pub mod select;
mod shared;

#[cfg(test)]
mod tests;
