//! A session.

use super::id_of;
use async_graphql::{Enum, ID, Object};
use cairn_store::vault::SessionRow;
use chrono::{DateTime, Utc};

/// A session, as its holder sees it.
#[derive(Debug, Clone)]
pub(crate) struct SessionObject(pub(crate) SessionRow);

/// What continues a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SessionSort")]
pub(crate) enum SessionSortName {
    /// A browser's cookie.
    Web,
    /// Refresh tokens of a program.
    Api,
}

/// A browser that is signed in, or a program that got refresh tokens for a password.
#[Object(name = "Session")]
impl SessionObject {
    /// One of a kind among all things.
    pub(crate) async fn id(&self) -> ID {
        id_of("session", self.0.session_id)
    }

    /// The id in events.
    async fn session_id(&self) -> String {
        self.0.session_id.to_string()
    }

    /// What continues it.
    async fn sort(&self) -> SessionSortName {
        if self.0.sort == "api" { SessionSortName::Api } else { SessionSortName::Web }
    }

    /// Whether a second factor was shown.
    async fn second_factor(&self) -> bool {
        self.0.second_factor
    }

    /// When it began.
    async fn began_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last used, to the hour.
    async fn last_used_at(&self) -> DateTime<Utc> {
        self.0.last_used_at
    }

    /// When it ends by itself, if it is not used.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// A few words on the browser or program.
    async fn agent(&self) -> Option<&str> {
        self.0.agent.as_deref()
    }

    /// Two letters of the country it began in, as far as it is known.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }
}
