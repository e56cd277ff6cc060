//! Plugins and their versions: who owns them, what was uploaded, what is approved.

pub mod details;
pub mod event;
mod state;

pub use details::{IconFile, PluginDetails};
pub use state::{Plugin, Version};
