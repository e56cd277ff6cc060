//! Sessions: what continues each is known here by its digest only.

use crate::time::{from_us, to_us};
use crate::{Result, Session as Statements, StoreError, Tx, on, rows};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// How many sessions of an account are listed at most; older ones still live and end with all others.
pub const SESSIONS_LISTED_MAX: u32 = 100;

/// A session that may be continued by whoever has its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The session, which is all that events know.
    pub session_id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// `web` for a browser's cookie, `api` for a family of refresh tokens.
    pub sort: String,
    /// SHA-256 of the secret that continues it.
    pub secret_sha256: [u8; 32],
    /// SHA-256 of the secret before, where secrets are used once: who shows it has a copy of what was used.
    pub previous_sha256: Option<[u8; 32]>,
    /// A second factor was shown.
    pub second_factor: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the hour or so.
    pub last_used_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// What sort of browser or program it is, in a few words.
    pub agent: Option<String>,
    /// Two letters of ISO 3166-1, as far as it is known from where.
    pub country: Option<String>,
}

/// Digests and what is known of the holder stay out of logs: only the id is shown.
impl std::fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRow").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

/// Adds a session; a second one of the same id or secret is an error.
pub async fn put_session(tx: &mut Tx, session: &SessionRow) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_session.sql"))
        .bind(session.session_id)
        .bind(session.account_id)
        .bind(&session.sort)
        .bind(session.secret_sha256.to_vec())
        .bind(session.previous_sha256.map(|digest| digest.to_vec()))
        .bind(session.second_factor)
        .bind(to_us(session.created_at))
        .bind(to_us(session.last_used_at))
        .bind(to_us(session.expires_at))
        .bind(&session.agent)
        .bind(&session.country)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The session of an id.
pub async fn session_by_id(statements: &mut impl Statements, session_id: Uuid) -> Result<Option<SessionRow>> {
    let row: Option<Row> = on!(statements, |c| sqlx::query_as(include_str!("../../sql/session_by_id.sql"))
        .bind(session_id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(SessionRow::try_from).transpose()
}

/// The session that the secret with this digest continues.
pub async fn session_by_secret(
    statements: &mut impl Statements,
    secret_sha256: &[u8; 32],
) -> Result<Option<SessionRow>> {
    let row: Option<Row> =
        on!(statements, |c| sqlx::query_as(include_str!("../../sql/session_by_secret.sql"))
            .bind(secret_sha256.to_vec())
            .fetch_optional(&mut *c)
            .await)?;
    row.map(SessionRow::try_from).transpose()
}

/// The sessions of an account, the newest first, up to [`SESSIONS_LISTED_MAX`]; those that ended by time or by their
/// history may be among them.
pub async fn sessions_of(statements: &mut impl Statements, account_id: Uuid) -> Result<Vec<SessionRow>> {
    let rows: Vec<Row> =
        on!(statements, |c| sqlx::query_as(include_str!("../../sql/sessions_of_account.sql"))
            .bind(account_id)
            .bind(i64::from(SESSIONS_LISTED_MAX))
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(SessionRow::try_from).collect()
}

/// Remembers that a session was used and when it now ends; answers whether there is such a session.
pub async fn touch_session(
    tx: &mut Tx,
    session_id: Uuid,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/touch_session.sql"))
        .bind(session_id)
        .bind(to_us(used_at))
        .bind(to_us(expires_at))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Gives a session its next secret, if `from` is the digest of the present one; answers whether it was. The present one
/// becomes the one before.
pub async fn rotate_session(
    tx: &mut Tx,
    session_id: Uuid,
    from: &[u8; 32],
    to: &[u8; 32],
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/rotate_session.sql"))
        .bind(session_id)
        .bind(from.to_vec())
        .bind(to.to_vec())
        .bind(to_us(used_at))
        .bind(to_us(expires_at))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets a session; answers whether there was one.
pub async fn delete_session(tx: &mut Tx, session_id: Uuid) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_session.sql"))
        .bind(session_id)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets all sessions of an account and answers how many there were.
pub async fn delete_sessions_of(tx: &mut Tx, account_id: Uuid) -> Result<u64> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_sessions_of_account.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))
}

/// Forgets the sessions whose time was over at `now` and answers how many there were.
pub async fn delete_expired_sessions(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_expired_sessions.sql"))
        .bind(to_us(now))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))
}

rows! {
    struct Row {
        session_id: Uuid,
        account_id: Uuid,
        sort: String,
        secret_sha256: Vec<u8>,
        previous_sha256: Option<Vec<u8>>,
        second_factor: bool,
        created_at_us: i64,
        last_used_at_us: i64,
        expires_at_us: i64,
        agent: Option<String>,
        country: Option<String>,
    }
}

impl TryFrom<Row> for SessionRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            session_id: row.session_id,
            account_id: row.account_id,
            sort: row.sort,
            secret_sha256: digest(row.secret_sha256)?,
            previous_sha256: row.previous_sha256.map(digest).transpose()?,
            second_factor: row.second_factor,
            created_at: from_us(row.created_at_us)?,
            last_used_at: from_us(row.last_used_at_us)?,
            expires_at: from_us(row.expires_at_us)?,
            agent: row.agent,
            country: row.country,
        })
    }
}

fn digest(bytes: Vec<u8>) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| StoreError::Damaged("a session's digest has not 32 bytes".into()))
}
