//! What happens to accounts.

mod block;
mod register;
mod staff;
mod trust;

pub use block::{BlockAccount, UnblockAccount};
pub use register::RegisterAccount;
pub use staff::{GrantStaff, WithdrawStaff};
pub use trust::{GrantTrust, WithdrawTrust};
