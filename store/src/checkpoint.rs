//! How far each projection has read: leases, checkpoints by compare-and-set, generations.
//!
//! A worker takes the lease, reads a page, and in ONE transaction writes its rows and calls
//! [`Subscriptions::advance`]. The compare-and-set is what makes it exactly once: of two workers that read
//! the same page, the second changes no row and must roll back. The lease only saves double work.

mod subscription;

pub use subscription::{Status, Subscription};

use crate::time::{signed, to_us, unsigned};
use crate::{Clock, Db, Log, Position, Result, Session, StoreError, Tx, on};
use chrono::TimeDelta;
use std::sync::Arc;
use subscription::Row;

/// How long a lease holds; each checkpoint renews it.
const LEASE: TimeDelta = TimeDelta::seconds(15);

/// The right to move a checkpoint, for 15 s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The projection.
    pub name: String,
    /// Its generation.
    pub generation: u32,
    /// Changes whenever the lease is taken: an older holder cannot move the checkpoint.
    pub token: u64,
    /// The next position to read.
    pub next_position: Position,
}

/// The checkpoints of all projections.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Subscriptions {
    /// The checkpoints in a database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Makes the row of a generation if it is not there, building from position 0, and answers it. A
    /// generation that was made for another log is [`StoreError::NoSubscription`].
    pub async fn ensure(&self, name: &str, generation: u32, log: Log) -> Result<Subscription> {
        let mut tx = self.db.begin().await?;
        let now = to_us(self.clock.now());
        on!(tx, |c| sqlx::query(include_str!("../sql/ensure_subscription.sql"))
            .bind(name)
            .bind(i64::from(generation))
            .bind(log.name())
            .bind(now)
            .execute(&mut *c)
            .await
            .map(drop))?;
        let subscription = find(&mut tx, name, generation).await?;
        tx.commit().await?;
        match subscription {
            Some(subscription) if subscription.log == log => Ok(subscription),
            _ => Err(unknown(name, generation)),
        }
    }

    /// Takes the lease for 15 s if it is free, run out, or already this owner's (any earlier token of whom
    /// then fails). None while somebody else holds it, or if the generation is halted, retired or unknown.
    pub async fn take_lease(&self, name: &str, generation: u32, owner: &str) -> Result<Option<Lease>> {
        let mut tx = self.db.begin().await?;
        let now = self.clock.now();
        let row: Option<(i64, i64)> = on!(tx, |c| sqlx::query_as(include_str!("../sql/take_lease.sql"))
            .bind(name)
            .bind(i64::from(generation))
            .bind(owner)
            .bind(to_us(now))
            .bind(to_us(now + LEASE))
            .fetch_optional(&mut *c)
            .await)?;
        tx.commit().await?;
        row.map(|(token, next)| {
            Ok(Lease {
                name: name.into(),
                generation,
                token: unsigned(token)?,
                next_position: unsigned(next)?,
            })
        })
        .transpose()
    }

    /// Moves the checkpoint from the lease's position to `to` and renews the lease, in the transaction that
    /// writes the rows. Use the lease it answers once that transaction is committed.
    /// [`StoreError::CheckpointMoved`]: another worker has the lease or the projection was halted or retired;
    /// the transaction must be rolled back, and cannot be committed.
    pub async fn advance(&self, tx: &mut Tx, lease: &Lease, to: Position) -> Result<Lease> {
        let (now, old, new, token) =
            (self.clock.now(), signed(lease.next_position)?, signed(to)?, signed(lease.token)?);
        let moved = on!(tx, |c| sqlx::query(include_str!("../sql/advance_checkpoint.sql"))
            .bind(&lease.name)
            .bind(i64::from(lease.generation))
            .bind(old)
            .bind(new)
            .bind(token)
            .bind(to_us(now))
            .bind(to_us(now + LEASE))
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected()))?;
        if moved != 1 {
            tx.failed();
            return Err(StoreError::CheckpointMoved {
                name: lease.name.clone(),
                generation: lease.generation,
            });
        }
        Ok(Lease { next_position: to, ..lease.clone() })
    }

    /// Counts a failure that may pass, and keeps its text for whoever looks. Nothing if the lease is lost.
    pub async fn failed(&self, lease: &Lease, error: &str) -> Result<()> {
        self.stop(lease, include_str!("../sql/count_failure.sql"), lease.next_position, error).await.map(drop)
    }

    /// Stops the projection at an event it cannot take, until it is resumed by hand.
    /// [`StoreError::CheckpointMoved`] if the lease is lost.
    pub async fn halt(&self, lease: &Lease, position: Position, error: &str) -> Result<()> {
        match self.stop(lease, include_str!("../sql/halt_subscription.sql"), position, error).await? {
            1 => Ok(()),
            _ => Err(StoreError::CheckpointMoved { name: lease.name.clone(), generation: lease.generation }),
        }
    }

    /// Lets go of the lease, so that another worker need not wait for it to run out. Nothing if it is lost.
    pub async fn release(&self, lease: &Lease) -> Result<()> {
        let (now, token) = (to_us(self.clock.now()), signed(lease.token)?);
        let mut tx = self.db.begin().await?;
        on!(tx, |c| sqlx::query(include_str!("../sql/release_lease.sql"))
            .bind(&lease.name)
            .bind(i64::from(lease.generation))
            .bind(token)
            .bind(now)
            .execute(&mut *c)
            .await
            .map(drop))?;
        tx.commit().await
    }

    /// Lets a halted generation go on as what it was. [`StoreError::NoSubscription`] if it is not halted.
    pub async fn resume(&self, name: &str, generation: u32) -> Result<()> {
        self.change(name, generation, include_str!("../sql/resume_subscription.sql")).await
    }

    /// Makes a building generation the live one and retires the one that was, in one transaction.
    /// [`StoreError::NoSubscription`] if it is not building, or has not yet read as much as the one it would
    /// replace.
    pub async fn go_live(&self, name: &str, generation: u32) -> Result<()> {
        let mut tx = self.db.begin().await?;
        self.change_in(&mut tx, name, generation, include_str!("../sql/retire_live.sql")).await?;
        let changed = self.change_in(&mut tx, name, generation, include_str!("../sql/go_live.sql")).await?;
        finish(tx, changed, name, generation).await
    }

    /// Retires a generation: no worker reads for it any more. [`StoreError::NoSubscription`] if there is
    /// none, or it is retired.
    pub async fn retire(&self, name: &str, generation: u32) -> Result<()> {
        self.change(name, generation, include_str!("../sql/retire_subscription.sql")).await
    }

    /// Sends a generation back to position 0 in the caller's transaction, which empties its tables; whoever
    /// holds its lease loses it. A halted one goes on as what it was. [`StoreError::NoSubscription`] if there
    /// is none.
    pub async fn reset(&self, tx: &mut Tx, name: &str, generation: u32) -> Result<()> {
        match self.change_in(tx, name, generation, include_str!("../sql/reset_subscription.sql")).await? {
            1 => Ok(()),
            _ => Err(unknown(name, generation)),
        }
    }

    /// One generation, if it is known. Takes a transaction or a read connection, so that rows and their
    /// position can be read together.
    pub async fn get(
        &self,
        session: &mut impl Session,
        name: &str,
        generation: u32,
    ) -> Result<Option<Subscription>> {
        find(session, name, generation).await
    }

    /// All generations of all projections, by name and generation: for metrics and readiness.
    pub async fn list(&self) -> Result<Vec<Subscription>> {
        let mut conn = self.db.read().await?;
        let rows: Vec<Row> =
            on!(conn, |c| sqlx::query_as(include_str!("../sql/subscriptions.sql")).fetch_all(&mut *c).await)?;
        rows.into_iter().map(Subscription::try_from).collect()
    }

    async fn stop(&self, lease: &Lease, sql: &'static str, position: Position, error: &str) -> Result<u64> {
        let (now, token, position) = (to_us(self.clock.now()), signed(lease.token)?, signed(position)?);
        let mut tx = self.db.begin().await?;
        let changed = on!(tx, |c| sqlx::query(sql)
            .bind(&lease.name)
            .bind(i64::from(lease.generation))
            .bind(token)
            .bind(now)
            .bind(position)
            .bind(error)
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(changed)
    }

    async fn change(&self, name: &str, generation: u32, sql: &'static str) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let changed = self.change_in(&mut tx, name, generation, sql).await?;
        finish(tx, changed, name, generation).await
    }

    async fn change_in(&self, tx: &mut Tx, name: &str, generation: u32, sql: &'static str) -> Result<u64> {
        let now = to_us(self.clock.now());
        on!(tx, |c| sqlx::query(sql)
            .bind(name)
            .bind(i64::from(generation))
            .bind(now)
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected()))
    }
}

async fn finish(tx: Tx, changed: u64, name: &str, generation: u32) -> Result<()> {
    if changed == 1 {
        return tx.commit().await;
    }
    tx.rollback().await?;
    Err(unknown(name, generation))
}

fn unknown(name: &str, generation: u32) -> StoreError {
    StoreError::NoSubscription { name: name.into(), generation }
}

async fn find(session: &mut impl Session, name: &str, generation: u32) -> Result<Option<Subscription>> {
    let row: Option<Row> = on!(session, |c| sqlx::query_as(include_str!("../sql/subscription.sql"))
        .bind(name)
        .bind(i64::from(generation))
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Subscription::try_from).transpose()
}
