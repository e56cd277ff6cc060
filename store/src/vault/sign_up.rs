//! Addresses of people who are invited to sign up and have no account yet.

use crate::{Result, Session, Tx, on};
use uuid::Uuid;

/// Keeps the address that an invitation goes to.
pub async fn put_sign_up_address(tx: &mut Tx, challenge_id: Uuid, email: &str) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_sign_up_address.sql"))
        .bind(challenge_id)
        .bind(email)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The address that an invitation goes to.
pub async fn sign_up_address(session: &mut impl Session, challenge_id: Uuid) -> Result<Option<String>> {
    let row: Option<(String,)> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/sign_up_address.sql"))
            .bind(challenge_id)
            .fetch_optional(&mut *c)
            .await)?;
    Ok(row.map(|(email,)| email))
}

/// Forgets the address of an invitation; answers whether there was one.
pub async fn erase_sign_up_address(tx: &mut Tx, challenge_id: Uuid) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_sign_up_address.sql"))
        .bind(challenge_id)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}
