//! What happens to trusted publishers: workflows on a CI service that publish without any kept secret.

mod exchange;
mod name;
mod remove;
#[cfg(test)]
mod stories;
mod workflow;

pub use exchange::{CI_TOKEN_LIFE, ExchangeIdentity, Exchanged};
pub use name::{NamePublisher, PUBLISHERS_OF_ACCOUNT_MAX};
pub use remove::RemovePublisher;
pub use workflow::{WORKFLOW_TEXT_BYTES_MAX, workflow};
