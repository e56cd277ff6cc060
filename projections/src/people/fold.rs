//! Takes pages of the registry log into the tables of accounts and tokens.

use super::acts::{Acts, acts};
use super::credentials::{self, CredentialRows, Wanted};
use super::ownership::{self, OwnershipRows};
use super::state::{AccountRow, State, wanted, wants};
use crate::columns::list_of_uuids;
use crate::fact::{Fault, facts};
use cairn_store::{Bulk, Db, Recorded, Result, Tx, Value, engine_sql, on, sqlx};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use uuid::Uuid;

/// Rows to be written.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    accounts: Vec<Vec<Value>>,
    credentials: CredentialRows,
    ownership: OwnershipRows,
    acts: Acts,
}

static PUT_ACCOUNT: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/put_account.sql")));

/// Folds a page of the registry log into the rows that it changes in a generation.
pub(crate) async fn fold(db: &Db, generation: i64, page: &[Recorded]) -> Result<Rows, Fault> {
    let facts = facts(page, wants).await?;
    let acts = acts(generation, page, &facts).await?;
    let (accounts, credentials) = wanted(&facts);
    let mut state = load(db, generation, &accounts, &credentials).await?;
    state.take_all(facts)?;
    let accounts = state.accounts.into_values().map(|row| account_row(generation, &row)).collect();
    let credentials = credentials::rows(generation, state.credentials);
    Ok(Rows { accounts, credentials, ownership: ownership::rows(generation, state.ownership), acts })
}

impl Rows {
    /// Writes them all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        PUT_ACCOUNT.rows(tx, &self.accounts).await?;
        self.credentials.write(tx).await?;
        self.ownership.write(tx).await?;
        self.acts.write(tx).await
    }
}

async fn load(db: &Db, generation: i64, accounts: &BTreeSet<Uuid>, credentials: &Wanted) -> Result<State> {
    let credentials = credentials::load(db, generation, credentials).await?;
    let mut state = State { credentials, ..State::default() };
    if accounts.is_empty() {
        return Ok(state);
    }
    let accounts = list_of_uuids(&accounts.iter().copied().collect::<Vec<_>>());
    let mut conn = db.read().await?;
    let sql = engine_sql!(conn, "sql/load_accounts");
    let rows: Vec<AccountRow> =
        on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(&accounts).fetch_all(&mut *c).await)?;
    state.accounts.extend(rows.into_iter().map(|row| (row.account_id, row)));
    Ok(state)
}

fn account_row(generation: i64, row: &AccountRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.account_id.into(),
        row.registered_at_us.into(),
        row.trusted.into(),
        row.staff.into(),
        row.blocked.into(),
        row.admin.into(),
        row.blocked_until_us.into(),
        row.erased.into(),
        row.blocked_reason.clone().into(),
        row.blocked_at_us.into(),
        row.signed_in_at_us.into(),
    ]
}
