//! Identities without a natural key: UUIDs that say what they identify.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+ };
}

id! {
    /// One person or robot that may act. Random, so that it tells nothing about its holder.
    AccountId,
    /// One plugin token, as named in the log; the secret itself is nowhere.
    TokenId,
    /// One signed-in browser or one family of refresh tokens, as named in the log; its secret is nowhere.
    SessionId,
    /// One second factor of an account.
    FactorId,
    /// One link that was mailed to somebody: a confirmation, a reset, an invitation to sign up.
    ChallengeId,
    /// One invitation to own a plugin.
    InvitationId,
    /// One trusted publisher of a plugin.
    PublisherId,
    /// What a caller wants done once: the same id again gets the first answer.
    CommandId,
}

impl CommandId {
    /// The id of the `ordinal`-th event of this command: a repeated command meets its own events by their unique ids.
    pub fn event_id(self, ordinal: u32) -> Uuid {
        Uuid::new_v5(&self.0, &ordinal.to_be_bytes())
    }

    /// The command id behind a caller's `Idempotency-Key`. The actor is part of it, so nobody can read another's
    /// answer by guessing a key.
    pub fn of_key(actor: &str, key: &str) -> Self {
        const SPACE: Uuid = Uuid::from_u128(0x5b8f_6b0d_42c1_5d0e_9a6c_63a1_c5f2_0001);
        Self(Uuid::new_v5(&SPACE, format!("{actor}\n{key}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_means_something_else_for_each_actor() {
        assert_eq!(CommandId::of_key("ann", "k"), CommandId::of_key("ann", "k"));
        assert_ne!(CommandId::of_key("ann", "k"), CommandId::of_key("bob", "k"));
        assert_ne!(CommandId::of_key("ann", "k").event_id(0), CommandId::of_key("ann", "k").event_id(1));
    }
}
