//! Sends the letters that are due, one at a time.

use super::compose::{Composed, Composer};
use super::outbox::{self, Claimed};
use crate::follow::chain;
use cairn_commands::Fault;
use cairn_outside::smtp::{MailFault, Mailer};
use cairn_store::{Clock, Db, StoreError};
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How long the sender waits at most before it looks again.
const POLL: Duration = Duration::from_secs(1);

/// The first pause after the mail server could not be used at all; it doubles up to [`PAUSE_MAX`].
const PAUSE_FIRST: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_mins(1);

/// How long a letter that the server puts off waits the first time; it doubles up to [`PUT_OFF_MAX`].
const PUT_OFF_FIRST: TimeDelta = TimeDelta::seconds(30);
const PUT_OFF_MAX: TimeDelta = TimeDelta::hours(1);

/// Sends letters.
#[derive(Debug)]
pub(super) struct Sender {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) composer: Composer,
    pub(super) mailer: Mailer,
    /// Told when there are new letters.
    pub(super) posted: Arc<Notify>,
    /// Failures in a row that were not about one letter.
    pub(super) failures: u32,
}

/// What came of one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// A letter was dealt with; there may be more.
    Done,
    /// No letter is due.
    Idle,
    /// Mail cannot be sent now.
    Pause(Duration),
}

/// Why a turn failed.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Sender {
    /// Works until cancelled, and finishes the letter at hand.
    pub(super) async fn run(mut self, cancel: CancellationToken) {
        while !cancel.is_cancelled() {
            let pause = match self.turn().await {
                Turn::Done => continue,
                Turn::Idle => POLL,
                Turn::Pause(pause) => pause,
            };
            let idle = pause == POLL;
            tokio::select! {
                () = cancel.cancelled() => {}
                () = self.posted.notified(), if idle => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Deals with the letter that has waited longest, if one is due.
    pub(super) async fn turn(&mut self) -> Turn {
        match self.deal().await {
            Ok(turn) => turn,
            Err(trouble) => {
                tracing::warn!(error = %chain(&trouble), "letters cannot be looked at, trying again");
                Turn::Pause(self.pause())
            }
        }
    }

    async fn deal(&mut self) -> Result<Turn, Trouble> {
        let Some(letter) = outbox::claim(&self.db, &*self.clock).await? else {
            gauge(&self.db).await?;
            return Ok(Turn::Idle);
        };
        let (mail, sort) = match self.composer.compose(letter, self.clock.now()).await? {
            Composed::Mail(mail, sort) => (mail, sort),
            Composed::TooOld(sort) => {
                metrics::counter!("cairn_mail_failed_total", "letter" => sort).increment(1);
                tracing::warn!(
                    position = letter.position,
                    "a letter is given up, since it could not be sent for days"
                );
                outbox::forget(&self.db, letter).await?;
                return Ok(Turn::Done);
            }
            Composed::Pointless(reason) => {
                tracing::info!(position = letter.position, reason, "a letter is not sent: {reason}");
                outbox::forget(&self.db, letter).await?;
                return Ok(Turn::Done);
            }
        };
        let sent = self.mailer.send(&mail).await;
        match &sent {
            Ok(()) => {
                metrics::counter!("cairn_mail_sent_total", "letter" => sort).increment(1);
                self.failures = 0;
                self.surely_forget(letter).await;
                Ok(Turn::Done)
            }
            Err(fault) if fault.is_permanent() => {
                metrics::counter!("cairn_mail_failed_total", "letter" => sort).increment(1);
                tracing::warn!(
                    position = letter.position,
                    error = %fault,
                    "a letter is given up, since the mail server will never take it"
                );
                self.failures = 0;
                self.surely_forget(letter).await;
                Ok(Turn::Done)
            }
            Err(MailFault::Later { .. }) => {
                self.failures = 0;
                let until = self.clock.now() + put_off(letter.attempts);
                outbox::put_off(&self.db, letter, until, letter.attempts).await?;
                Ok(Turn::Done)
            }
            // About the server, not about this letter: all others would fare the same. Its place in the row goes to the others,
            // in case that it alone brings the server down.
            Err(_) => {
                outbox::put_off(&self.db, letter, self.clock.now(), letter.attempts.saturating_sub(1))
                    .await?;
                Ok(Turn::Pause(self.pause()))
            }
        }
    }

    /// Forgets a letter that the server has: as long as this process lives, a database that is away for a moment must not have
    /// it sent twice.
    async fn surely_forget(&self, letter: Claimed) {
        let mut pause = PAUSE_FIRST;
        while let Err(error) = outbox::forget(&self.db, letter).await {
            tracing::warn!(position = letter.position, error = %error, "a letter that was sent cannot be noted as sent");
            sleep(pause).await;
            pause = pause.saturating_mul(2).min(PAUSE_MAX);
        }
    }

    fn pause(&mut self) -> Duration {
        let pause = PAUSE_FIRST.saturating_mul(2_u32.saturating_pow(self.failures.min(16))).min(PAUSE_MAX);
        self.failures = self.failures.saturating_add(1);
        pause
    }
}

async fn gauge(db: &Db) -> Result<(), StoreError> {
    let waiting = u32::try_from(outbox::waiting(db).await?).unwrap_or(u32::MAX);
    metrics::gauge!("cairn_mail_waiting").set(f64::from(waiting));
    Ok(())
}

/// How long a letter waits that was put off so often.
fn put_off(attempts: u32) -> TimeDelta {
    let doubled = 2_i32.saturating_pow(attempts.saturating_sub(1).min(16));
    PUT_OFF_FIRST.checked_mul(doubled).unwrap_or(PUT_OFF_MAX).min(PUT_OFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_is_put_off_waits_longer_each_time_up_to_an_hour() {
        let waits: Vec<i64> =
            [1, 2, 3, 7, 8, 9, u32::MAX].map(|attempts| put_off(attempts).num_seconds()).into();
        assert_eq!(waits, [30, 60, 120, 1920, 3600, 3600, 3600]);
    }
}
