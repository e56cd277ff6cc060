//! What a command answered, kept so that the same command id is answered the same without doing it again.

use crate::time::{signed, to_us, unsigned};
use crate::{Position, Result, Session, on};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The answer to a command that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The id the caller gave the command.
    pub command_id: Uuid,
    /// A digest of the command, so that another command under the same id is noticed.
    pub fingerprint: Vec<u8>,
    /// Where its last event is; none if it had nothing to do.
    pub position: Option<Position>,
    /// What was answered, as bytes.
    pub answer: Vec<u8>,
}

pub(crate) async fn find(session: &mut impl Session, command_id: Uuid) -> Result<Option<Outcome>> {
    let row: Option<(Vec<u8>, Option<i64>, Vec<u8>)> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/outcome_of_command.sql"))
            .bind(command_id)
            .fetch_optional(&mut *c)
            .await)?;
    row.map(|(fingerprint, position, answer)| {
        Ok(Outcome { command_id, fingerprint, position: position.map(unsigned).transpose()?, answer })
    })
    .transpose()
}

pub(crate) async fn keep(session: &mut impl Session, outcome: &Outcome, at: DateTime<Utc>) -> Result<()> {
    let position = outcome.position.map(signed).transpose()?;
    on!(session, |c| sqlx::query(include_str!("../../sql/keep_outcome.sql"))
        .bind(outcome.command_id)
        .bind(&outcome.fingerprint)
        .bind(position)
        .bind(&outcome.answer)
        .bind(to_us(at))
        .execute(&mut *c)
        .await
        .map(drop))?;
    Ok(())
}
