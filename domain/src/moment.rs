//! When and by whom a command is given: what a rule may know of the world besides history.

use crate::ids::{AccountId, TokenId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who acts, as a door has established it. *Whether* they may is the decider's question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum Actor {
    /// Nobody in particular.
    Anonymous,
    /// An account that proved itself by password, session or access token.
    Account { account: AccountId },
    /// A plugin token; it acts for `account`, within its scope.
    Token { token: TokenId, account: AccountId },
    /// The operator at the machine itself, through the command line.
    Operator,
    /// The repository itself: a schedule that came due, or what its directory says of an account.
    Site,
}

impl Actor {
    /// The account behind the credential, if there is one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account { account } | Self::Token { account, .. } => Some(*account),
            Self::Anonymous | Self::Operator | Self::Site => None,
        }
    }

    /// The token that is used, if one is.
    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::Token { token, .. } => Some(*token),
            Self::Anonymous | Self::Account { .. } | Self::Operator | Self::Site => None,
        }
    }
}

/// The moment of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The time the log will give the events: taken under the log's lock, never before that of an earlier event.
    pub now: DateTime<Utc>,
    /// Who acts.
    pub actor: Actor,
}
