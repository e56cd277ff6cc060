//! Plugins that were marked for deletion are buried when their time to be restored is over.

use crate::follow::Reaction;
use cairn_commands::plugin::TombstonePlugin;
use cairn_commands::{Commands, Fault};
use cairn_domain::event::{Event, PluginEvent};
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Refusal};
use cairn_store::{Clock, Db, Recorded, StoreError, Tx, on, sqlx, to_us};
use chrono::{DateTime, Utc};

/// The most plugins that are buried in one turn; the rest wait for the next.
const PLUGINS_PER_TURN_MAX: u32 = 100;

/// What an event says of a plugin's end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    /// It is hidden, and can be restored until then.
    Marked { until: DateTime<Utc> },
    /// It is back, or gone already.
    Unmarked,
}

/// Keeps which plugins are marked for deletion.
#[derive(Debug)]
pub(crate) struct Deletions;

impl Reaction for Deletions {
    const NAME: &'static str = "deletions";
    type Rows = Vec<(PackageName, Change)>;

    async fn react(&self, page: &[Recorded]) -> Result<Self::Rows, Fault> {
        let mut changes = Vec::new();
        for recorded in page.iter().filter(|recorded| recorded.stream.starts_with("plugin/")) {
            if let Event::Plugin(event) = Event::decode(&recorded.kind, recorded.schema, &recorded.payload)? {
                changes.extend(change(&event).map(|change| (event.package().clone(), change)));
            }
        }
        Ok(changes)
    }

    async fn write(&self, tx: &mut Tx, changes: Self::Rows) -> Result<(), StoreError> {
        for (package, change) in changes {
            match change {
                Change::Marked { until } => on!(tx, |c| sqlx::query(include_str!("sql/put_deletion.sql"))
                    .bind(package.as_str())
                    .bind(to_us(until))
                    .execute(&mut *c)
                    .await
                    .map(drop))?,
                Change::Unmarked => on!(tx, |c| sqlx::query(include_str!("sql/delete_deletion.sql"))
                    .bind(package.as_str())
                    .execute(&mut *c)
                    .await
                    .map(drop))?,
            }
        }
        Ok(())
    }
}

fn change(event: &PluginEvent) -> Option<Change> {
    match event {
        PluginEvent::PluginMarkedForDeletion(marked) => Some(Change::Marked { until: marked.until }),
        PluginEvent::PluginRestored(_) | PluginEvent::PluginTombstoned(_) | PluginEvent::PluginRevived(_) => {
            Some(Change::Unmarked)
        }
        _ => None,
    }
}

/// Buries the plugins whose time is over and answers how many. A plugin that was restored meanwhile stays: the command looks
/// again.
pub(crate) async fn bury(db: &Db, commands: &Commands, clock: &dyn Clock) -> Result<u64, Fault> {
    let now = to_us(clock.now());
    let mut conn = db.read().await?;
    let due: Vec<(String,)> = on!(conn, |c| sqlx::query_as(include_str!("sql/deletions_due.sql"))
        .bind(now)
        .bind(i64::from(PLUGINS_PER_TURN_MAX))
        .fetch_all(&mut *c)
        .await)?;
    drop(conn);
    let mut buried = 0;
    for (package,) in due {
        let damaged = |refusal: Refusal| StoreError::Damaged(format!("table plugin_deletion: {refusal}"));
        let package: PackageName = package.parse().map_err(damaged)?;
        match commands.send(&TombstonePlugin { package, reason: None }, Actor::Site, None).await {
            Ok(_) => buried += 1,
            // It was restored, and the log is not read that far yet.
            Err(Fault::Refused(refusal)) => tracing::info!(code = refusal.code(), "a plugin was not buried"),
            Err(fault) => return Err(fault),
        }
    }
    Ok(buried)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow::{Follower, Turn};
    use crate::testing::{ANN, Node, SUE, by, lasso, noon};
    use cairn_domain::event::{PluginMarkedForDeletion, PluginRestored, Stream};
    use cairn_domain::plugin::Deletion;
    use cairn_store::both;
    use chrono::TimeDelta;

    fn marked(days: i64) -> PluginMarkedForDeletion {
        PluginMarkedForDeletion { package: lasso(), until: noon() + TimeDelta::days(days), reason: None }
    }

    async fn read(follower: &mut Follower<Deletions>) {
        while follower.turn().await.unwrap() == Turn::Moved {}
    }

    async fn buried(node: &Node) -> u64 {
        bury(&node.tools.db, &node.commands, &*node.tools.clock).await.unwrap()
    }

    async fn deletion(node: &Node) -> Option<Deletion> {
        let known = node.commands.look(vec![Stream::plugin(&lasso())], Actor::Site).await.unwrap();
        known.plugin(&lasso()).unwrap().deletion
    }

    both!(a_plugin_is_buried_when_its_time_is_over_and_not_before, |t| {
        let node = Node::on(&t);
        let mut follower = Follower::new(node.tools.clone(), Deletions);
        node.person(ANN, "ann").await;
        node.lasso_of_ann().await;
        node.to_lasso(by(ANN), marked(30)).await;
        read(&mut follower).await;
        node.later(TimeDelta::days(30) - TimeDelta::microseconds(1));
        assert_eq!(buried(&node).await, 0);
        node.later(TimeDelta::microseconds(1));
        assert_eq!(buried(&node).await, 1);
        assert_eq!(deletion(&node).await, Some(Deletion::Tombstone));
        read(&mut follower).await;
        assert_eq!(buried(&node).await, 0, "and it is not looked at again");
    });

    both!(a_plugin_that_was_restored_stays, |t| {
        let node = Node::on(&t);
        let mut follower = Follower::new(node.tools.clone(), Deletions);
        node.person(ANN, "ann").await;
        node.lasso_of_ann().await;
        node.to_lasso(by(ANN), marked(30)).await;
        read(&mut follower).await;
        // The follower has not read that yet; the command looks again.
        node.to_lasso(by(SUE), PluginRestored { package: lasso() }).await;
        node.later(TimeDelta::days(31));
        assert_eq!(buried(&node).await, 0);
        read(&mut follower).await;
        assert_eq!(buried(&node).await, 0);
        // Marked again, for longer: the earlier time counts no more.
        node.to_lasso(by(ANN), marked(90)).await;
        read(&mut follower).await;
        assert_eq!(buried(&node).await, 0);
        assert!(matches!(deletion(&node).await, Some(Deletion::Marked { .. })));
    });

    both!(one_of_two_nodes_reads_and_the_other_goes_on_when_it_ends, |t| {
        let (here, there) = (Node::on(&t), Node::on(&t));
        let mut first = Follower::new(here.tools.clone(), Deletions);
        let mut second = Follower::new(there.tools.clone(), Deletions);
        here.person(ANN, "ann").await;
        here.lasso_of_ann().await;
        assert_eq!(first.turn().await.unwrap(), Turn::Moved);
        assert_eq!(second.turn().await.unwrap(), Turn::NotOurs);
        first.release().await;
        here.to_lasso(by(ANN), marked(30)).await;
        assert_eq!(second.turn().await.unwrap(), Turn::Moved);
        assert_eq!(first.turn().await.unwrap(), Turn::NotOurs, "one at a time");
        there.later(TimeDelta::days(30));
        let (one, other) = tokio::join!(buried(&here), buried(&there));
        assert_eq!((one, other), (0, 1), "by the clock of the one that finds it due");
    });
}
