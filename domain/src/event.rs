//! What has happened. Events are for ever: a stored kind keeps its meaning; change comes as a field with a default,
//! a new kind, or an upcast, each with a golden file.
//!
//! No event holds personal data: people are account ids and salted commitments; names, addresses and the author
//! line of a package live in the erasable vault.

pub use crate::account::event::{
    AccountBlocked, AccountRegistered, AccountUnblocked, StaffGranted, StaffWithdrawn, TrustGranted,
    TrustWithdrawn,
};
pub use crate::plugin::event::{
    OwnerAdded, OwnerRemoved, OwnershipTransferred, PluginDetailsEdited, PluginNameClaimed, PluginRegistered,
    UploadedPackage, VersionApproved, VersionDeleted, VersionReplaced, VersionUnapproved, VersionUploaded,
};
pub use crate::token::{TokenIssued, TokenRevoked};
pub use crate::votes::VoteCast;

use crate::ids::{AccountId, TokenId};
use crate::names::{PackageName, PluginName, Sha256};
use crate::upcast::upcast;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares the closed list of events: each kind with its present schema version.
macro_rules! events {
    ($($kind:ident = $schema:literal),+ $(,)?) => {
        /// One fact of the registry log.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $( #[expect(missing_docs, reason = "each payload type carries the words")] $kind($kind), )+
        }

        impl Event {
            /// Every kind with the schema version that is written today.
            pub const KINDS: &'static [(&'static str, u16)] = &[$((stringify!($kind), $schema)),+];

            /// The stored kind; renaming one needs an upcast.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($kind)),+ }
            }

            /// The schema version that [`Event::encode`] writes.
            pub fn schema(&self) -> u16 {
                match self { $(Self::$kind(_) => $schema),+ }
            }

            /// The payload as JSON. These exact bytes are stored and hashed; they are never written anew.
            pub fn encode(&self) -> Vec<u8> {
                match self { $(Self::$kind(payload) => serde_json::to_vec(payload)),+ }
                    .expect("an event has string keys and finite numbers only")
            }

            /// Reads what was stored, whatever schema version it was stored with.
            pub fn decode(kind: &str, schema: u16, payload: &[u8]) -> Result<Self, Unreadable> {
                let current = upcast(kind, schema, payload)?;
                let read = match kind {
                    $( stringify!($kind) => serde_json::from_slice(&current).map(Self::$kind), )+
                    _ => return Err(Unreadable { kind: kind.to_owned(), schema, reason: "unknown kind".into() }),
                };
                read.map_err(|fault| Unreadable { kind: kind.to_owned(), schema, reason: fault.to_string() })
            }
        }

        $( impl From<$kind> for Event {
            fn from(payload: $kind) -> Self { Self::$kind(payload) }
        } )+
    };
}

events! {
    AccountRegistered = 1,
    TrustGranted = 1,
    TrustWithdrawn = 1,
    StaffGranted = 1,
    StaffWithdrawn = 1,
    AccountBlocked = 1,
    AccountUnblocked = 1,
    PluginRegistered = 1,
    PluginNameClaimed = 1,
    PluginDetailsEdited = 1,
    VersionUploaded = 1,
    VersionReplaced = 1,
    VersionApproved = 1,
    VersionUnapproved = 1,
    VersionDeleted = 1,
    OwnerAdded = 1,
    OwnerRemoved = 1,
    OwnershipTransferred = 1,
    TokenIssued = 1,
    TokenRevoked = 1,
    VoteCast = 1,
}

/// A stored event that this program cannot read; a projection that meets one halts and names it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {kind} (schema {schema}) cannot be read: {reason}")]
pub struct Unreadable {
    /// The stored kind.
    pub kind: String,
    /// The stored schema version.
    pub schema: u16,
    /// What was wrong.
    pub reason: String,
}

/// The history an event belongs to. A natural key in the name makes uniqueness a law of the log: the first event
/// of `plugin/lasso` can be written once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// One account.
    Account(AccountId),
    /// One plugin, by its folded package name.
    Plugin(String),
    /// The claim on one plugin name, by [`Stream::plugin_name`]'s key.
    PluginName(String),
    /// One plugin token.
    Token(TokenId),
    /// The votes for one plugin, by its folded package name.
    Votes(String),
}

impl Stream {
    /// The stream of the plugin with this package name, however it is capitalised.
    pub fn plugin(package: &PackageName) -> Self {
        Self::Plugin(package.folded())
    }

    /// The stream of claims on this plugin name, however it is capitalised. A long name is known by its digest, since
    /// the log bounds the length of stream names.
    pub fn plugin_name(name: &PluginName) -> Self {
        let folded = name.folded();
        Self::PluginName(if folded.len() <= 128 { folded } else { Sha256::of(folded.as_bytes()).to_string() })
    }

    /// The stream of votes for the plugin with this package name.
    pub fn votes(package: &PackageName) -> Self {
        Self::Votes(package.folded())
    }

    /// Reads a stored stream name; `None` for a category this program does not know.
    pub fn parse(text: &str) -> Option<Self> {
        let (category, key) = text.split_once('/')?;
        match category {
            "account" => key.parse().ok().map(Self::Account),
            "plugin" => Some(Self::Plugin(key.to_owned())),
            "plugin-name" => Some(Self::PluginName(key.to_owned())),
            "token" => key.parse().ok().map(Self::Token),
            "votes" => Some(Self::Votes(key.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => write!(f, "account/{account}"),
            Self::Plugin(package) => write!(f, "plugin/{package}"),
            Self::PluginName(name) => write!(f, "plugin-name/{name}"),
            Self::Token(token) => write!(f, "token/{token}"),
            Self::Votes(package) => write!(f, "votes/{package}"),
        }
    }
}

/// Who did it, by which command: the metadata column of the log. Typed, so that nothing of a request (address,
/// user agent) can slip in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMeta {
    /// Who acted.
    pub actor: crate::Actor,
    /// The command whose outcome this is.
    pub command: crate::ids::CommandId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_names_read_back() {
        let account = AccountId(uuid::Uuid::from_u128(7));
        let lasso: PackageName = "Lasso".parse().unwrap();
        for stream in [Stream::Account(account), Stream::plugin(&lasso), Stream::PluginName("a/b c".into())] {
            assert_eq!(Stream::parse(&stream.to_string()), Some(stream));
        }
        assert_eq!(Stream::plugin(&lasso).to_string(), "plugin/lasso");
        assert_eq!(Stream::parse("elsewhere/1"), None);
    }

    #[test]
    fn an_unknown_kind_is_named() {
        let fault = Event::decode("PluginSold", 1, b"{}").unwrap_err();
        assert_eq!(fault.to_string(), "event PluginSold (schema 1) cannot be read: unknown kind");
    }
}
