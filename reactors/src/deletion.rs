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

/// Keeps which plugins are marked for deletion.
#[derive(Debug)]
pub(crate) struct Deletions;

impl Reaction for Deletions {
    const NAME: &'static str = "deletions";
    type Rows = Vec<(PackageName, Option<DateTime<Utc>>)>;

    async fn react(&self, page: &[Recorded]) -> Result<Self::Rows, Fault> {
        let mut changes = Vec::new();
        for recorded in page.iter().filter(|recorded| recorded.stream.starts_with("plugin/")) {
            if let Event::Plugin(event) =
                Event::decode(&recorded.kind, recorded.schema, &recorded.payload)?
            {
                changes.extend(change(&event).map(|until| (event.package().clone(), until)));
            }
        }
        Ok(changes)
    }

    async fn write(&self, tx: &mut Tx, changes: Self::Rows) -> Result<(), StoreError> {
        for (package, until) in changes {
            match until {
                Some(until) => on!(tx, |c| sqlx::query(include_str!("sql/put_deletion.sql"))
                    .bind(package.as_str())
                    .bind(to_us(until))
                    .execute(&mut *c)
                    .await
                    .map(drop))?,
                None => on!(tx, |c| sqlx::query(include_str!("sql/delete_deletion.sql"))
                    .bind(package.as_str())
                    .execute(&mut *c)
                    .await
                    .map(drop))?,
            }
        }
        Ok(())
    }
}

/// Until when the plugin of this event can be restored now: a time, not at all, or as before.
fn change(event: &PluginEvent) -> Option<Option<DateTime<Utc>>> {
    match event {
        PluginEvent::PluginMarkedForDeletion(marked) => Some(Some(marked.until)),
        PluginEvent::PluginRestored(_)
        | PluginEvent::PluginTombstoned(_)
        | PluginEvent::PluginRevived(_) => Some(None),
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
