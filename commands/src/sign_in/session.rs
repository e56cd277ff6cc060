//! Sessions opened by who signed in, and continued by their secret.

use super::SignIn;
use crate::factor::{OpenWithFactor, Proof};
use crate::session::{AGENT_CHARS_MAX, OpenSession, SESSION_IDLE_MAX, SessionSecret, WEB_SESSION_LIFE_MAX};
use crate::{Done, Fault};
use cairn_domain::event::Stream;
use cairn_domain::ids::{AccountId, SessionId};
use cairn_domain::session::SessionSort;
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::vault::{self, SessionRow};
use chrono::{DateTime, TimeDelta, Utc};

/// A session's last use is noted again only after so long, so that reading pages does not write.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// What is known of the browser that signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// A few words, such as `Firefox on Linux`; cut to [`AGENT_CHARS_MAX`].
    pub agent: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: Option<String>,
}

/// A session that was just opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The session.
    pub session: SessionId,
    /// What continues it; goes to the browser and nowhere else.
    pub secret: SessionSecret,
    /// Reads that hold the registry log up to here see it.
    pub position: u64,
}

/// Whoever continues a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// A second factor was shown when it began.
    pub second_factor: bool,
}

impl SignIn {
    /// Opens a browser's session for who has just proved to be this account's holder; with what proves a second factor, if the
    /// account has one.
    pub async fn open_session(
        &self,
        account: AccountId,
        proof: Option<Proof>,
        device: Device,
    ) -> Result<NewSession, Fault> {
        let ids = self.commands.ids();
        let secret = SessionSecret::new(ids.bytes());
        let agent = device.agent.map(|agent| agent.chars().take(AGENT_CHARS_MAX).collect());
        let session = SessionId(ids.v4());
        let open = OpenSession {
            session,
            account,
            sort: SessionSort::Web,
            secret_sha256: secret.sha256(),
            second_factor: proof.is_some(),
            agent,
            country: device.country,
        };
        let actor = Actor::Account { account };
        let Done { position, .. } = match proof {
            None => self.commands.send(&open, actor, None).await?,
            Some(proof) => self.commands.send(&OpenWithFactor::new(open, proof), actor, None).await?,
        };
        Ok(NewSession { session, secret, position })
    }

    /// Who continues the browser's session with this secret; [`Refusal::SessionUnknown`] if it ended or never was.
    pub async fn by_session(&self, secret: &SessionSecret) -> Result<Signed, Fault> {
        let now = self.clock.now();
        let mut conn = self.commands.registry().db().read().await?;
        let row = vault::session_by_secret(&mut conn, secret.sha256().as_bytes()).await?;
        drop(conn);
        let row = row.filter(|row| row.sort == "web" && now < row.expires_at);
        let row = row.ok_or(Refusal::SessionUnknown)?;
        let (session, account) = (SessionId(row.session_id), AccountId(row.account_id));
        let actor = Actor::Account { account };
        let known = self.commands.look(vec![Stream::Session(session)], actor).await?;
        if !known.session_lives(session) {
            return Err(Refusal::SessionUnknown.into());
        }
        known.acting(&Moment { now, actor })?;
        if now - row.last_used_at >= NOTED_EVERY {
            self.note_use(&row, now).await?;
        }
        Ok(Signed { session, account, second_factor: row.second_factor })
    }

    /// The sessions of an account that live, the newest first.
    pub async fn sessions_of(&self, account: AccountId) -> Result<Vec<SessionRow>, Fault> {
        let now = self.clock.now();
        let mut conn = self.commands.registry().db().read().await?;
        let rows = vault::sessions_of(&mut conn, account.0).await?;
        drop(conn);
        let streams = rows.iter().map(|row| Stream::Session(SessionId(row.session_id)));
        let streams = streams.chain([Stream::Account(account)]).collect();
        let known = self.commands.look(streams, Actor::Anonymous).await?;
        let lives = |row: &SessionRow| now < row.expires_at && known.session_lives(SessionId(row.session_id));
        Ok(rows.into_iter().filter(lives).collect())
    }

    async fn note_use(&self, row: &SessionRow, now: DateTime<Utc>) -> Result<(), Fault> {
        let end = (now + SESSION_IDLE_MAX).min(row.created_at + WEB_SESSION_LIFE_MAX);
        let mut tx = self.commands.registry().db().begin().await?;
        vault::touch_session(&mut tx, row.session_id, now, end).await?;
        Ok(tx.commit().await?)
    }
}
