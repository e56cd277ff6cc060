//! Plugins and their versions: who owns them, what was uploaded, what is approved.

pub mod details;
pub mod event;
pub mod life;
pub mod ownership;
mod state;

pub use details::{IconFile, PluginDetails};
pub use life::{Channel, RESTORABLE_DAYS};
pub use state::{Deletion, Invitation, Plugin, Version};
