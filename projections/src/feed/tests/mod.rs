//! Feeds as their readers see them.

mod coding;
mod composing;
mod entries;
mod examples;
pub(super) mod read;
mod selecting;
