//! Plugin tokens, tokens of runs, and trusted publishers.

mod queries;
mod rows;
mod state;

pub use queries::{
    Publisher, Run, Token, publisher, publishers_for, publishers_of, publishers_of_repository, token,
    tokens_for, tokens_of,
};

pub(crate) use rows::{CredentialRows, load, rows};
pub(crate) use state::{Credentials, Wanted};
