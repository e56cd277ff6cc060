//! Between what the fold knows of credentials and their tables.

use super::state::{Credentials, PublisherRow, TokenRow, Wanted};
use crate::columns::list_of_uuids;
use cairn_store::{Bulk, Db, Result, Tx, Value, engine_sql, on, sqlx};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use uuid::Uuid;

static PUT_TOKEN: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../sql/put_token.sql")));
static PUT_PUBLISHER: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../sql/put_publisher.sql")));

/// Rows to be written.
#[derive(Debug, Default)]
pub(crate) struct CredentialRows {
    tokens: Vec<Vec<Value>>,
    publishers: Vec<Vec<Value>>,
}

impl CredentialRows {
    /// Writes them all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        PUT_TOKEN.rows(tx, &self.tokens).await?;
        PUT_PUBLISHER.rows(tx, &self.publishers).await?;
        Ok(())
    }
}

/// What the tables of a generation have of what is wanted.
pub(crate) async fn load(db: &Db, generation: i64, wanted: &Wanted) -> Result<Credentials> {
    let mut known = Credentials::default();
    let list = |ids: &BTreeSet<Uuid>| list_of_uuids(&ids.iter().copied().collect::<Vec<_>>());
    if !wanted.tokens.is_empty() {
        let mut conn = db.read().await?;
        let sql = engine_sql!(conn, "../sql/load_tokens");
        let ids = list(&wanted.tokens);
        let rows: Vec<TokenRow> =
            on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
        known.tokens.extend(rows.into_iter().map(|row| (row.token_id, row)));
    }
    if !wanted.publishers.is_empty() {
        let mut conn = db.read().await?;
        let sql = engine_sql!(conn, "../sql/load_publishers");
        let ids = list(&wanted.publishers);
        let rows: Vec<PublisherRow> =
            on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(&ids).fetch_all(&mut *c).await)?;
        known.publishers.extend(rows.into_iter().map(|row| (row.publisher_id, row)));
    }
    Ok(known)
}

/// The rows that what is known makes in a generation.
pub(crate) fn rows(generation: i64, known: Credentials) -> CredentialRows {
    CredentialRows {
        tokens: known.tokens.into_values().map(|row| token_row(generation, row)).collect(),
        publishers: known.publishers.into_values().map(|row| publisher_row(generation, row)).collect(),
    }
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
        row.may_approve.into(),
        row.publisher_id.into(),
        row.repository.into(),
        row.git_ref.into(),
        row.commit_id.into(),
        row.last_used_day.into(),
    ]
}

fn publisher_row(generation: i64, row: PublisherRow) -> Vec<Value> {
    vec![
        generation.into(),
        row.publisher_id.into(),
        row.package.into(),
        row.account_id.into(),
        row.issuer.into(),
        row.repository.into(),
        row.workflow.into(),
        row.environment.into(),
        row.ref_pattern.into(),
        row.may_approve.into(),
        row.named_at_us.into(),
        row.removed_at_us.into(),
    ]
}
