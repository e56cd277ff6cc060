//! Accounts: who may act at all, who is trusted, who is staff.

pub mod event;
mod state;

pub use event::{FactorSort, Origin};
pub use state::{Account, Block, Challenge, Purpose};
