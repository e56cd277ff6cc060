//! Takes pages of the registry log into the tables of accounts and tokens.

use super::state::{AccountRow, State, TokenRow, wanted, wants};
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
    tokens: Vec<Vec<Value>>,
}

static PUT_ACCOUNT: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/put_account.sql")));
static PUT_TOKEN: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/put_token.sql")));

/// Folds a page of the registry log into the rows that it changes in a generation.
pub(crate) async fn fold(db: &Db, generation: i64, page: &[Recorded]) -> Result<Rows, Fault> {
    let facts = facts(page, wants).await?;
    let (accounts, tokens) = wanted(&facts);
    let mut state = load(db, generation, &accounts, &tokens).await?;
    state.take_all(facts)?;
    let accounts = state.accounts.into_values().map(|row| account_row(generation, &row)).collect();
    let tokens = state.tokens.into_values().map(|row| token_row(generation, row)).collect();
    Ok(Rows { accounts, tokens })
}

impl Rows {
    /// Writes them all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        PUT_ACCOUNT.rows(tx, &self.accounts).await?;
        PUT_TOKEN.rows(tx, &self.tokens).await?;
        Ok(())
    }
}

async fn load(db: &Db, generation: i64, accounts: &BTreeSet<Uuid>, tokens: &BTreeSet<Uuid>) -> Result<State> {
    let mut state = State::default();
    if accounts.is_empty() && tokens.is_empty() {
        return Ok(state);
    }
    let list = |ids: &BTreeSet<Uuid>| list_of_uuids(&ids.iter().copied().collect::<Vec<_>>());
    let (accounts, tokens) = (list(accounts), list(tokens));
    let mut conn = db.read().await?;
    let sql = engine_sql!(conn, "sql/load_accounts");
    let rows: Vec<AccountRow> =
        on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(&accounts).fetch_all(&mut *c).await)?;
    state.accounts.extend(rows.into_iter().map(|row| (row.account_id, row)));
    let sql = engine_sql!(conn, "sql/load_tokens");
    let rows: Vec<TokenRow> =
        on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(&tokens).fetch_all(&mut *c).await)?;
    state.tokens.extend(rows.into_iter().map(|row| (row.token_id, row)));
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
    ]
}

fn token_row(generation: i64, row: TokenRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.token_id.into(),
        row.account_id.into(),
        row.package.into(),
        row.issued_at_us.into(),
        row.expires_at_us.into(),
        row.revoked_at_us.into(),
    ]
}
