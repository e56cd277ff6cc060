//! Where people's mail went before they changed their addresses: a change that somebody else made is told there.

use crate::time::to_us;
use crate::{Result, Session, Tx, on};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Keeps the address that a person has now as the former one; call it before the address is changed. An earlier one that is still
/// kept stays.
pub async fn keep_former_email(tx: &mut Tx, account_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/keep_former_email.sql"))
        .bind(account_id)
        .bind(to_us(now))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The former address of an account, while it is kept.
pub async fn former_email(session: &mut impl Session, account_id: Uuid) -> Result<Option<String>> {
    let row: Option<(String,)> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/former_email.sql"))
            .bind(account_id)
            .fetch_optional(&mut *c)
            .await)?;
    Ok(row.map(|(email,)| email))
}

/// Forgets the former addresses that were changed at `until` or before, and answers how many there were.
pub async fn forget_former_emails(tx: &mut Tx, until: DateTime<Utc>) -> Result<u64> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/forget_former_emails.sql"))
        .bind(to_us(until))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))
}

/// Forgets the former address of an account.
pub async fn erase_former_email(tx: &mut Tx, account_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_former_email.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(drop))
}
