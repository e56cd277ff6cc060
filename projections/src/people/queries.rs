//! Questions about accounts.

use crate::columns::list_of_uuids;
use crate::{Name, Read};
use cairn_domain::ids::AccountId;
use cairn_store::{Result, from_us, on, rows, sqlx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An account as the read model has it, with the name and address that the vault has for it.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as in the table")]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The name to sign in with; none once the person is forgotten.
    pub name: Option<String>,
    /// Where mail goes; none once the person is forgotten. Not for everybody's eyes.
    pub email: Option<String>,
    /// When it was made.
    pub registered_at: DateTime<Utc>,
    /// Its plugins' versions need no review.
    pub trusted: bool,
    /// It may decide about everybody's plugins and accounts.
    pub staff: bool,
    /// It may also grant the staff role and change the policy.
    pub admin: bool,
    /// It was blocked and nobody lifted that; it may have ended by itself ([`Account::is_blocked`]).
    pub blocked: bool,
    /// When the block ends by itself.
    pub blocked_until: Option<DateTime<Utc>>,
    /// Nothing is known of its holder any more.
    pub erased: bool,
    /// Why it was blocked, in the words of whoever did. For staff.
    pub blocked_reason: Option<String>,
    /// When it was blocked.
    pub blocked_at: Option<DateTime<Utc>>,
    /// When its holder signed in last. For itself and staff.
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl Account {
    /// Whether it may do nothing at `now`.
    pub fn is_blocked(&self, now: DateTime<Utc>) -> bool {
        self.blocked && self.blocked_until.is_none_or(|until| now < until)
    }
}

/// Names and addresses stay out of logs.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

rows! {
    pub(super) struct NamedRow {
        account_id: Uuid,
        registered_at_us: i64,
        trusted: bool,
        staff: bool,
        blocked: bool,
        admin: bool,
        blocked_until_us: Option<i64>,
        erased: bool,
        blocked_reason: Option<String>,
        blocked_at_us: Option<i64>,
        signed_in_at_us: Option<i64>,
        name: Option<String>,
        email: Option<String>,
    }
}

/// One account.
pub async fn account(read: &mut Read, id: AccountId) -> Result<Option<Account>> {
    Ok(accounts_by_ids(read, &[id]).await?.pop())
}

/// The accounts of these ids, by id; ids that nobody has are left out.
pub async fn accounts_by_ids(read: &mut Read, ids: &[AccountId]) -> Result<Vec<Account>> {
    let generation = read.generation(Name::People);
    let ids = list_of_uuids(&ids.iter().map(|id| id.0).collect::<Vec<_>>());
    let sql = cairn_store::engine_sql!(read, "sql/accounts_by_ids");
    let rows: Vec<NamedRow> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// The account whose person has this folded name (`AccountName::folded`).
pub async fn account_by_name(read: &mut Read, name_folded: &str) -> Result<Option<Account>> {
    let generation = read.generation(Name::People);
    let row: Option<NamedRow> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/account_by_name.sql"))
        .bind(generation)
        .bind(name_folded)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Account::try_from).transpose()
}

impl TryFrom<NamedRow> for Account {
    type Error = cairn_store::StoreError;

    fn try_from(row: NamedRow) -> Result<Self> {
        Ok(Self {
            id: AccountId(row.account_id),
            name: row.name,
            email: row.email,
            registered_at: from_us(row.registered_at_us)?,
            trusted: row.trusted,
            staff: row.staff,
            admin: row.admin,
            blocked: row.blocked,
            blocked_until: row.blocked_until_us.map(from_us).transpose()?,
            erased: row.erased,
            blocked_reason: row.blocked_reason,
            blocked_at: row.blocked_at_us.map(from_us).transpose()?,
            signed_in_at: row.signed_in_at_us.map(from_us).transpose()?,
        })
    }
}
