//! What accounts call their plugin tokens.

use crate::{Result, Session, Tx, engine_sql, on};
use uuid::Uuid;

/// What an account calls one of its tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenNoteRow {
    /// The token.
    pub token_id: Uuid,
    /// For whom it acts; the row is erased with that account.
    pub account_id: Uuid,
    /// What it is called.
    pub note: String,
}

/// What somebody wrote stays out of logs.
impl std::fmt::Debug for TokenNoteRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenNoteRow").field("token_id", &self.token_id).finish_non_exhaustive()
    }
}

/// Writes what a token is called, or writes over it.
pub async fn put_token_note(tx: &mut Tx, row: &TokenNoteRow) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_token_note.sql"))
        .bind(row.token_id)
        .bind(row.account_id)
        .bind(&row.note)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// What these tokens are called; those that have no description are left out.
pub async fn token_notes(session: &mut impl Session, token_ids: &[Uuid]) -> Result<Vec<TokenNoteRow>> {
    let sql = engine_sql!(session, "../../sql/token_notes");
    let ids: Vec<String> = token_ids.iter().map(|id| id.simple().to_string()).collect();
    let wanted = serde_json::Value::from(ids).to_string();
    let rows: Vec<(Uuid, Uuid, String)> =
        on!(session, |c| sqlx::query_as(sql).bind(&wanted).fetch_all(&mut *c).await)?;
    Ok(rows
        .into_iter()
        .map(|(token_id, account_id, note)| TokenNoteRow { token_id, account_id, note })
        .collect())
}

/// Forgets what a token is called.
pub async fn erase_token_note(tx: &mut Tx, token_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_token_note.sql"))
        .bind(token_id)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// Forgets what the tokens of an account are called.
pub async fn erase_token_notes_of(tx: &mut Tx, account_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_token_notes_of_account.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(drop))
}
