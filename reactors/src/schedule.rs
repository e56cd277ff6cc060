//! What is done again and again. Each schedule is due at a time that is kept in the database: whichever node finds it due and
//! moves it on does the work, so that it is done once however many nodes there are.

use cairn_store::{Clock, Db, StoreError, on, sqlx, to_us};
use chrono::TimeDelta;
use std::time::Duration;
use tokio::time::sleep;

/// How often a node looks whether a schedule is due.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// A schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Names it in the database.
    pub(crate) name: &'static str,
    /// The time from one beat to the next.
    pub(crate) every: Duration,
}

impl Schedule {
    /// Whether it is due and nobody else has taken this beat. The next one is due after [`Schedule::every`], also if the work
    /// fails: it is tried again then.
    pub(crate) async fn claim(&self, db: &Db, clock: &dyn Clock) -> Result<bool, StoreError> {
        let now = clock.now();
        let every = TimeDelta::from_std(self.every).unwrap_or(TimeDelta::MAX);
        let next = now.checked_add_signed(every).unwrap_or(now);
        let mut tx = db.begin().await?;
        let claimed = on!(tx, |c| sqlx::query(include_str!("sql/claim_schedule.sql"))
            .bind(self.name)
            .bind(to_us(next))
            .bind(to_us(now))
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(claimed == 1)
    }

    /// Does the work at each beat, until dropped.
    pub(crate) async fn run<F>(&self, db: &Db, clock: &dyn Clock, mut work: impl FnMut() -> F)
    where
        F: Future<Output = ()>,
    {
        loop {
            match self.claim(db, clock).await {
                Ok(true) => work().await,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(schedule = self.name, error = %error, "the schedule cannot be looked at");
                }
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_store::{FixedClock, both};
    use chrono::DateTime;

    both!(a_beat_is_taken_once_and_comes_again, |t| {
        let clock = FixedClock::at(DateTime::UNIX_EPOCH);
        let schedule = Schedule { name: "tides", every: Duration::from_mins(1) };
        let other = Schedule { name: "moons", ..schedule };
        assert!(schedule.claim(&t.db, &clock).await.unwrap(), "it is due at once the first time");
        assert!(!schedule.claim(&t.db, &clock).await.unwrap(), "another node finds it taken");
        assert!(other.claim(&t.db, &clock).await.unwrap(), "each schedule is for itself");
        clock.advance(TimeDelta::milliseconds(59_999));
        assert!(!schedule.claim(&t.db, &clock).await.unwrap());
        clock.advance(TimeDelta::milliseconds(1));
        let nodes = (schedule.claim(&t.db, &clock), schedule.claim(&t.db, &clock));
        let (here, there) = tokio::join!(nodes.0, nodes.1);
        assert_ne!(here.unwrap(), there.unwrap(), "of two nodes one does it");
    });
}
