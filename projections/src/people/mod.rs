//! Accounts and tokens, without names and addresses: those are in the vault and joined when asked.

mod fold;
mod queries;
mod state;
mod tables;

pub use queries::{Account, Token, account, account_by_name, accounts_by_ids, token, tokens_of};

pub(crate) use fold::{Rows, fold};
pub(crate) use tables::TABLES;
