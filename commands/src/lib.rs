//! The write side: one file per thing a person can do, and the executor written once.
//!
//! Every door (GraphQL, web, token API, XML-RPC, command line) turns bytes into a [`Command`] and an
//! [`Actor`](cairn_domain::Actor); the same decider answers all of them.

pub mod account;
mod execute;
pub mod factor;
pub mod identity;
pub mod intake;
pub mod link;
mod personal;
pub mod plugin;
pub mod publisher;
pub mod reason;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod team;
pub mod token;
pub mod undo;
mod vault_key;
pub mod version;
pub mod vote;

#[cfg(test)]
mod testing;

pub use execute::{Commands, Done, Fault};
pub use factor::Factors;
pub use intake::Intake;
pub use link::Links;
pub use personal::{AccountChange, IdentityChange, Personal, SessionChange};
pub use sign_in::SignIn;

use cairn_domain::event::{Event, Stream};
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One event a command wants appended, and the stream it belongs to.
pub type Fact = (Stream, Event);

/// One thing a person can do. Its serialised form is its fingerprint: the same command id with another one is
/// refused, so secrets and file contents stand in it as digests or not at all.
pub trait Command: Serialize + Send + Sync {
    /// The name of the deed in logs and metrics, in snake case.
    const NAME: &'static str;

    /// What the caller gets to know. Kept with the command id, so that a repeated command is answered the same.
    type Answer: Serialize + DeserializeOwned + Send;

    /// The streams whose state the rule needs; those of the actor are added by the executor.
    fn reads(&self) -> Vec<Stream>;

    /// The rule: refusals first, the deed last. Already so? `Ok(vec![])`; that is not an error.
    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal>;

    /// The answer, from the state after the deed.
    fn answer(&self, after: &Known) -> Self::Answer;

    /// Whether the vault changes also when the rule agrees and nothing happened that is anybody's history.
    const VAULT_ALONE: bool = false;

    /// What changes in the erasable vault in the same transaction, once the rule has agreed. The vault may refuse it too.
    fn personal(&self) -> Vec<Personal> {
        Vec::new()
    }
}
