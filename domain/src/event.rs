//! What has happened. Events are for ever: a stored kind keeps its meaning; change comes as a field with a default,
//! a new kind, or an upcast, each with a golden file.
//!
//! No event holds personal data: people are account ids and salted commitments; names, addresses and the author
//! line of a package live in the erasable vault.

pub use crate::account::event::*;
pub use crate::plugin::event::*;
pub use crate::plugin::life::*;
pub use crate::plugin::ownership::*;
pub use crate::publisher::{PublisherNamed, PublisherRemoved};
pub use crate::session::{SessionEnded, SessionOpened};
pub use crate::sign_up::{SignUpInvitationUsed, SignUpInvited};
pub use crate::site::{PolicySet, QgisReleasesSet, StaffCounted};
pub use crate::team::{TeamFormed, TeamMemberAdded, TeamMemberRemoved};
pub use crate::token::{CiTokenIssued, IdentityTokenSpent, TokenIssued, TokenRevoked};
pub use crate::votes::VoteCast;

use crate::ids::{AccountId, ChallengeId, SessionId, TokenId};
use crate::names::{PackageName, PluginName, Sha256, TeamName};
use crate::upcast::upcast;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares the closed list of events, by what they happen to: each kind with its present schema version. A state then
/// names every event that can happen to its thing, and no other.
macro_rules! events {
    ($($(#[$doc:meta])* $category:ident($events:ident) {
        $($kind:ident = $schema:literal),+ $(,)?
    })+) => {
        /// One fact of the registry log.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(clippy::large_enum_variant, reason = "few are held at a time, and rules read them without a box")]
        pub enum Event {
            $( $(#[$doc])* $category($events), )+
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub enum $events {
                $( #[expect(missing_docs, reason = "each payload type carries the words")] $kind($kind), )+
            }

            $( impl From<$kind> for Event {
                fn from(payload: $kind) -> Self { Self::$category($events::$kind(payload)) }
            } )+
        )+

        impl Event {
            /// Every kind with the schema version that is written today.
            pub const KINDS: &'static [(&'static str, u16)] = &[$($((stringify!($kind), $schema)),+),+];

            /// The stored kind; renaming one needs an upcast.
            pub fn kind(&self) -> &'static str {
                match self { $( $(Self::$category($events::$kind(_)) => stringify!($kind),)+ )+ }
            }

            /// The schema version that [`Event::encode`] writes.
            pub fn schema(&self) -> u16 {
                match self { $( $(Self::$category($events::$kind(_)) => $schema,)+ )+ }
            }

            /// The payload as JSON. These exact bytes are stored and hashed; they are never written anew.
            pub fn encode(&self) -> Vec<u8> {
                match self { $( $(Self::$category($events::$kind(payload)) => serde_json::to_vec(payload),)+ )+ }
                    .expect("an event has string keys and finite numbers only")
            }

            /// Reads what was stored, whatever schema version it was stored with.
            pub fn decode(kind: &str, schema: u16, payload: &[u8]) -> Result<Self, Unreadable> {
                let current = upcast(kind, schema, payload)?;
                let read = match kind {
                    $( $( stringify!($kind) => serde_json::from_slice::<$kind>(&current).map(Self::from), )+ )+
                    _ => return Err(Unreadable { kind: kind.to_owned(), schema, reason: "unknown kind".into() }),
                };
                read.map_err(|fault| Unreadable { kind: kind.to_owned(), schema, reason: fault.to_string() })
            }
        }
    };
}

events! {
    /// To an account.
    Account(AccountEvent) {
        AccountRegistered = 1,
        TrustGranted = 1,
        TrustWithdrawn = 1,
        StaffGranted = 1,
        StaffWithdrawn = 1,
        AdminGranted = 1,
        AdminWithdrawn = 1,
        AccountBlocked = 1,
        AccountUnblocked = 1,
        EmailConfirmationAsked = 1,
        EmailConfirmed = 1,
        EmailChanged = 1,
        PasswordResetAsked = 1,
        PasswordChanged = 1,
        SessionsEnded = 1,
        SecondFactorAdded = 1,
        SecondFactorRemoved = 1,
        RecoveryCodesMade = 1,
        RecoveryCodeUsed = 1,
        IdentityLinked = 1,
        IdentityUnlinked = 1,
        AccountErased = 1,
    }
    /// To a session.
    Session(SessionEvent) {
        SessionOpened = 1,
        SessionEnded = 1,
    }
    /// To a plugin, its versions and its owners.
    Plugin(PluginEvent) {
        PluginRegistered = 1,
        PluginDetailsEdited = 1,
        VersionUploaded = 1,
        VersionReplaced = 1,
        VersionApproved = 1,
        VersionUnapproved = 1,
        VersionRefused = 1,
        VersionReviewAsked = 1,
        VersionDeleted = 1,
        VersionYanked = 1,
        VersionUnyanked = 1,
        VersionPinned = 1,
        VersionUnpinned = 1,
        OwnerAdded = 1,
        OwnerRemoved = 1,
        OwnershipTransferred = 1,
        OwnerInvited = 1,
        InvitationAccepted = 1,
        InvitationDeclined = 1,
        InvitationWithdrawn = 1,
        TeamOwnerAdded = 1,
        TeamOwnerRemoved = 1,
        MaintainerNamed = 1,
        RenamingAllowed = 1,
        PluginDeprecated = 1,
        PluginUndeprecated = 1,
        PluginFeatured = 1,
        PluginUnfeatured = 1,
        PluginMarkedForDeletion = 1,
        PluginRestored = 1,
        PluginTombstoned = 1,
        PluginRevived = 1,
    }
    /// To a plugin name.
    PluginName(PluginNameEvent) {
        PluginNameClaimed = 1,
    }
    /// To the trusted publishers of a plugin.
    Publisher(PublisherEvent) {
        PublisherNamed = 1,
        PublisherRemoved = 1,
    }
    /// To a token, of the repository's own or of a CI service.
    Token(TokenEvent) {
        TokenIssued = 1,
        CiTokenIssued = 1,
        IdentityTokenSpent = 1,
        TokenRevoked = 1,
    }
    /// To a team.
    Team(TeamEvent) {
        TeamFormed = 1,
        TeamMemberAdded = 1,
        TeamMemberRemoved = 1,
    }
    /// To an invitation to sign up.
    SignUp(SignUpEvent) {
        SignUpInvited = 1,
        SignUpInvitationUsed = 1,
    }
    /// To the repository as a whole.
    Site(SiteEvent) {
        PolicySet = 1,
        StaffCounted = 1,
        QgisReleasesSet = 1,
    }
    /// To the votes for a plugin.
    Votes(VotesEvent) {
        VoteCast = 1,
    }
}

impl PluginEvent {
    /// The plugin it happened to.
    pub fn package(&self) -> &PackageName {
        match self {
            Self::PluginRegistered(PluginRegistered { package, .. })
            | Self::PluginDetailsEdited(PluginDetailsEdited { package, .. })
            | Self::VersionUploaded(VersionUploaded { package, .. })
            | Self::VersionReplaced(VersionReplaced { package, .. })
            | Self::VersionApproved(VersionApproved { package, .. })
            | Self::VersionUnapproved(VersionUnapproved { package, .. })
            | Self::VersionRefused(VersionRefused { package, .. })
            | Self::VersionReviewAsked(VersionReviewAsked { package, .. })
            | Self::VersionDeleted(VersionDeleted { package, .. })
            | Self::VersionYanked(VersionYanked { package, .. })
            | Self::VersionUnyanked(VersionUnyanked { package, .. })
            | Self::VersionPinned(VersionPinned { package, .. })
            | Self::VersionUnpinned(VersionUnpinned { package, .. })
            | Self::OwnerAdded(OwnerAdded { package, .. })
            | Self::OwnerRemoved(OwnerRemoved { package, .. })
            | Self::OwnershipTransferred(OwnershipTransferred { package, .. })
            | Self::OwnerInvited(OwnerInvited { package, .. })
            | Self::InvitationAccepted(InvitationAccepted { package, .. })
            | Self::InvitationDeclined(InvitationDeclined { package, .. })
            | Self::InvitationWithdrawn(InvitationWithdrawn { package, .. })
            | Self::TeamOwnerAdded(TeamOwnerAdded { package, .. })
            | Self::TeamOwnerRemoved(TeamOwnerRemoved { package, .. })
            | Self::MaintainerNamed(MaintainerNamed { package, .. })
            | Self::RenamingAllowed(RenamingAllowed { package, .. })
            | Self::PluginDeprecated(PluginDeprecated { package, .. })
            | Self::PluginUndeprecated(PluginUndeprecated { package, .. })
            | Self::PluginFeatured(PluginFeatured { package, .. })
            | Self::PluginUnfeatured(PluginUnfeatured { package, .. })
            | Self::PluginMarkedForDeletion(PluginMarkedForDeletion { package, .. })
            | Self::PluginRestored(PluginRestored { package, .. })
            | Self::PluginTombstoned(PluginTombstoned { package, .. })
            | Self::PluginRevived(PluginRevived { package, .. }) => package,
        }
    }
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
    /// One session.
    Session(SessionId),
    /// The trusted publishers of one plugin, by its folded package name.
    Publishers(String),
    /// One plugin token.
    Token(TokenId),
    /// One identity token of a CI service, by [`Stream::identity_token`]'s digest.
    IdentityToken(Sha256),
    /// One team, by its folded name.
    Team(String),
    /// One invitation to sign up.
    SignUp(ChallengeId),
    /// The repository as a whole.
    Site,
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

    /// The stream of the trusted publishers of the plugin with this package name.
    pub fn publishers(package: &PackageName) -> Self {
        Self::Publishers(package.folded())
    }

    /// The stream of the team with this name, however it is capitalised.
    pub fn team(name: &TeamName) -> Self {
        Self::Team(name.folded())
    }

    /// The stream of the identity token that `issuer` gave the id `jti`.
    pub fn identity_token(issuer: &str, jti: &str) -> Self {
        Self::IdentityToken(Sha256::of(format!("{issuer}\n{jti}").as_bytes()))
    }

    /// The stream of votes for the plugin with this package name.
    pub fn votes(package: &PackageName) -> Self {
        Self::Votes(package.folded())
    }

    /// Reads a stored stream name; `None` for a category this program does not know.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "site" {
            return Some(Self::Site);
        }
        let (category, key) = text.split_once('/')?;
        match category {
            "account" => key.parse().ok().map(Self::Account),
            "plugin" => Some(Self::Plugin(key.to_owned())),
            "plugin-name" => Some(Self::PluginName(key.to_owned())),
            "session" => key.parse().ok().map(Self::Session),
            "publishers" => Some(Self::Publishers(key.to_owned())),
            "token" => key.parse().ok().map(Self::Token),
            "identity-token" => key.parse().ok().map(Self::IdentityToken),
            "team" => Some(Self::Team(key.to_owned())),
            "sign-up" => key.parse().ok().map(Self::SignUp),
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
            Self::Session(session) => write!(f, "session/{session}"),
            Self::Publishers(package) => write!(f, "publishers/{package}"),
            Self::Token(token) => write!(f, "token/{token}"),
            Self::IdentityToken(digest) => write!(f, "identity-token/{digest}"),
            Self::Team(team) => write!(f, "team/{team}"),
            Self::SignUp(challenge) => write!(f, "sign-up/{challenge}"),
            Self::Site => f.write_str("site"),
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
        for stream in [
            Stream::Account(account),
            Stream::plugin(&lasso),
            Stream::PluginName("a/b c".into()),
            Stream::Site,
            Stream::identity_token("https://ci.example", "7"),
            Stream::team(&"QGIS-team".parse().unwrap()),
            Stream::SignUp(ChallengeId(uuid::Uuid::from_u128(8))),
        ] {
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
