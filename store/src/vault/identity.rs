//! Who somebody is elsewhere: in the directory, or at an identity provider.

use crate::time::{from_us, to_us};
use crate::{Result, Session, StoreError, Tx, on, rows};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An identity elsewhere that may sign in to an account.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// The commitment to issuer and subject, as events name it: 64 lower-case hexadecimal digits.
    pub identity: String,
    /// To which account it may sign in.
    pub account_id: Uuid,
    /// Who vouches for it.
    pub issuer: String,
    /// Who it is there; no two accounts have the same one of an issuer.
    pub subject: String,
    /// What the holder is called there, for their own list.
    pub label: String,
    /// Random bytes of the commitment.
    pub salt: Vec<u8>,
    /// Since when.
    pub linked_at: DateTime<Utc>,
}

/// Who it is stays out of logs: only the commitment is shown.
impl std::fmt::Debug for IdentityRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityRow").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// Links an identity; one that is linked already is an error.
pub async fn put_identity(tx: &mut Tx, row: &IdentityRow) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_identity.sql"))
        .bind(&row.identity)
        .bind(row.account_id)
        .bind(&row.issuer)
        .bind(&row.subject)
        .bind(&row.label)
        .bind(&row.salt)
        .bind(to_us(row.linked_at))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The identity that an issuer knows by this subject, if it is linked.
pub async fn identity_of(
    session: &mut impl Session,
    issuer: &str,
    subject: &str,
) -> Result<Option<IdentityRow>> {
    let row: Option<Row> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/identity_of_subject.sql"))
            .bind(issuer)
            .bind(subject)
            .fetch_optional(&mut *c)
            .await)?;
    row.map(IdentityRow::try_from).transpose()
}

/// The identities that may sign in to an account, the oldest first.
pub async fn identities_of(session: &mut impl Session, account_id: Uuid) -> Result<Vec<IdentityRow>> {
    let rows: Vec<Row> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/identities_of_account.sql"))
            .bind(account_id)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(IdentityRow::try_from).collect()
}

/// Forgets one identity of an account; answers whether there was one.
pub async fn delete_identity(tx: &mut Tx, account_id: Uuid, identity: &str) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_identity.sql"))
        .bind(account_id)
        .bind(identity)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets all identities of an account.
pub async fn erase_identities(tx: &mut Tx, account_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_identities.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(drop))
}

rows! {
    struct Row {
        identity: String,
        account_id: Uuid,
        issuer: String,
        subject: String,
        label: String,
        salt: Vec<u8>,
        linked_at_us: i64,
    }
}

impl TryFrom<Row> for IdentityRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            identity: row.identity,
            account_id: row.account_id,
            issuer: row.issuer,
            subject: row.subject,
            label: row.label,
            salt: row.salt,
            linked_at: from_us(row.linked_at_us)?,
        })
    }
}
