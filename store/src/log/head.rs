//! How far a log reaches, and who is told when it grows.
//!
//! The truth is asked of the database each [`POLL`]; everything faster is a hint. A commit of this process is
//! known at once. On PostgreSQL other processes are told by NOTIFY: after the commit, in a statement of its
//! own and at most one each [`QUIET`], because a transaction with a pending notification takes a lock of the
//! whole server while it commits.

use super::{Log, Position};
use crate::db::PostgresDb;
use crate::time::unsigned;
use crate::{Db, Result, on};
use sqlx::postgres::PgListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often the head is asked for: the longest that a commit of another process stays unseen.
const POLL: Duration = Duration::from_millis(250);

/// The least time between two notifications of one process.
const QUIET: Duration = Duration::from_millis(25);

/// How long to wait before listening is tried again after the connection was lost.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

/// What is known of a log's head. Only ever grows.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    log: Log,
    known: Arc<watch::Sender<Position>>,
    /// The part of it that this process committed, of which others are to be told.
    ours: Arc<watch::Sender<Position>>,
}

impl Head {
    pub(crate) fn new(log: Log) -> Self {
        Self { log, known: Arc::new(watch::Sender::new(0)), ours: Arc::new(watch::Sender::new(0)) }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Position> {
        self.known.subscribe()
    }

    /// A commit of this process made the log reach up to `head`.
    pub(crate) fn committed(&self, head: Position) {
        raise(&self.known, head);
        raise(&self.ours, head);
    }

    /// The head by the database's word, which everybody who watches is told.
    pub(crate) async fn ask(&self, db: &Db) -> Result<Position> {
        let sql = match self.log {
            Log::Registry => include_str!("../../sql/last_event.sql"),
            Log::Downloads => include_str!("../../sql/last_batch.sql"),
        };
        let mut conn = db.read().await?;
        let last: Option<(i64, i64)> = on!(conn, |c| sqlx::query_as(sql).fetch_optional(&mut *c).await)?;
        let head = last.map_or(Ok(0), |(position, _)| unsigned(position).map(|position| position + 1))?;
        raise(&self.known, head);
        Ok(head)
    }

    pub(crate) fn follow(&self, db: &Db, tracker: &TaskTracker, cancel: CancellationToken) {
        if let Db::Postgres(postgres) = db {
            let listening = self.clone().listen(db.clone(), postgres.clone());
            tracker.spawn(cancel.clone().run_until_cancelled_owned(listening));
            tracker.spawn(cancel.clone().run_until_cancelled_owned(self.clone().tell_others(db.clone())));
        }
        tracker.spawn(cancel.run_until_cancelled_owned(self.clone().poll(db.clone())));
    }

    async fn poll(self, db: Db) {
        loop {
            self.ask_or_log(&db).await;
            sleep(POLL).await;
        }
    }

    async fn ask_or_log(&self, db: &Db) {
        if let Err(error) = self.ask(db).await {
            tracing::warn!(log = self.log.name(), error = %error, "the head of the log could not be read");
        }
    }

    async fn listen(self, db: Db, postgres: PostgresDb) {
        loop {
            if let Err(error) = self.listen_until_lost(&db, &postgres).await {
                tracing::warn!(log = self.log.name(), error = %error, "not listening to the log; asking it instead");
            }
            sleep(LISTEN_AGAIN).await;
        }
    }

    /// Whatever arrives, also the notice that the connection was lost and is back, means: look now. The text
    /// is not believed.
    async fn listen_until_lost(&self, db: &Db, postgres: &PostgresDb) -> Result<()> {
        let mut listener: PgListener = postgres.listener().await?;
        listener.listen(self.log.channel()).await?;
        loop {
            self.ask_or_log(db).await;
            listener.try_recv().await?;
            while listener.next_buffered().is_some() {}
        }
    }

    async fn tell_others(self, db: Db) {
        let mut ours = self.ours.subscribe();
        // What was committed before this task got its first turn.
        ours.mark_changed();
        while ours.changed().await.is_ok() {
            let head = *ours.borrow_and_update();
            if let Err(error) = self.notify(&db, head).await {
                tracing::debug!(log = self.log.name(), error = %error, "others were not told of a commit");
            }
            sleep(QUIET).await;
        }
    }

    async fn notify(&self, db: &Db, head: Position) -> Result<()> {
        let (channel, head) = (self.log.channel(), head.to_string());
        let mut conn = db.read().await?;
        on!(conn, |c| sqlx::query(include_str!("../../sql/notify.postgres.sql"))
            .bind(channel)
            .bind(&head)
            .execute(&mut *c)
            .await
            .map(drop))?;
        Ok(())
    }
}

fn raise(head: &watch::Sender<Position>, to: Position) {
    head.send_if_modified(|known| {
        let grows = to > *known;
        *known = to.max(*known);
        grows
    });
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::testing;
    use crate::{Engine, FixedClock, NewEvent, Registry};
    use chrono::DateTime;
    use tokio::time::timeout;
    use uuid::Uuid;

    /// Without the poll, so that only the notification can have told.
    #[test]
    fn a_notification_alone_tells_of_a_commit() {
        testing::run(Engine::Postgres, |t| async move {
            let Db::Postgres(postgres) = &t.db else { panic!("it is PostgreSQL") };
            let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
            let registry = Registry::new(t.db.clone(), Arc::new(FixedClock::at(DateTime::UNIX_EPOCH)));
            let theirs = Head::new(Log::Registry);
            let listening = theirs.clone().listen(t.db.clone(), postgres.clone());
            tracker.spawn(cancel.clone().run_until_cancelled_owned(listening));
            let telling = registry.head.clone().tell_others(t.db.clone());
            tracker.spawn(cancel.clone().run_until_cancelled_owned(telling));
            let mut heads = theirs.watch();
            // Until the listener listens its first look at the log may be what tells; by the last round it is
            // the notification.
            for round in 1..=10 {
                let mut tx = registry.begin().await.unwrap();
                tx.append(vec![event(round)]).await.unwrap();
                tx.commit().await.unwrap();
                timeout(Duration::from_secs(10), heads.wait_for(|head| *head == u64::from(round)))
                    .await
                    .unwrap()
                    .unwrap();
            }
            cancel.cancel();
            tracker.close();
            tracker.wait().await;
        });
    }

    fn event(n: u32) -> NewEvent {
        NewEvent {
            id: Uuid::from_u128(n.into()),
            stream: "plugin/lasso".into(),
            expected: crate::Expected::Any,
            kind: "VersionApproved".into(),
            schema: 1,
            payload: vec![],
            metadata: vec![],
        }
    }
}
