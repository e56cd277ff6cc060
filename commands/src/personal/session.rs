//! The rows of sessions.

use crate::Fault;
use cairn_domain::ids::{AccountId, SessionId};
use cairn_domain::names::Sha256;
use cairn_domain::session::SessionSort;
use cairn_store::RegistryTx;
use cairn_store::vault::{self, SessionRow};
use chrono::TimeDelta;

/// A change of what continues sessions.
#[derive(Clone, PartialEq, Eq)]
pub enum SessionChange {
    /// One began.
    Opened {
        /// The session.
        session: SessionId,
        /// Whose it is.
        account: AccountId,
        /// What continues it.
        sort: SessionSort,
        /// Digest of the secret that continues it.
        secret_sha256: Sha256,
        /// A second factor was shown.
        second_factor: bool,
        /// How long it lasts when it is not used.
        life: TimeDelta,
        /// A few words on the browser or program.
        agent: Option<String>,
        /// Two letters of ISO 3166-1.
        country: Option<String>,
    },
    /// One ended.
    Ended {
        /// The session.
        session: SessionId,
    },
    /// All of an account ended.
    AllEnded {
        /// The account.
        account: AccountId,
    },
}

impl std::fmt::Debug for SessionChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionChange(…)")
    }
}

/// How the vault names a sort of session.
fn sort_name(sort: SessionSort) -> &'static str {
    match sort {
        SessionSort::Web => "web",
        SessionSort::Api => "api",
    }
}

pub(super) async fn store(tx: &mut RegistryTx, change: SessionChange) -> Result<(), Fault> {
    match change {
        SessionChange::Opened {
            session,
            account,
            sort,
            secret_sha256,
            second_factor,
            life,
            agent,
            country,
        } => {
            let now = tx.now();
            let row = SessionRow {
                session_id: session.0,
                account_id: account.0,
                sort: sort_name(sort).to_owned(),
                secret_sha256: *secret_sha256.as_bytes(),
                previous_sha256: None,
                second_factor,
                created_at: now,
                last_used_at: now,
                expires_at: now + life,
                agent,
                country,
            };
            // Rows that are over go when others come, so that no task has to think of them.
            vault::delete_expired_sessions(tx.tx(), now).await?;
            vault::put_session(tx.tx(), &row).await?;
        }
        SessionChange::Ended { session } => {
            vault::delete_session(tx.tx(), session.0).await?;
        }
        SessionChange::AllEnded { account } => {
            vault::delete_sessions_of(tx.tx(), account.0).await?;
        }
    }
    Ok(())
}
