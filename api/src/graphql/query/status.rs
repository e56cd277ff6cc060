//! How the read models are doing, and what waits.

use super::staff::must_be_staff;
use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::scalars::{Count, Position};
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_projections::Status;
use cairn_store::upkeep;
use chrono::{DateTime, Utc};

/// Questions about the repository itself.
#[derive(Debug, Default)]
pub(crate) struct StatusQueries;

/// How one read model is doing.
#[derive(Debug, SimpleObject)]
struct ProjectionStatus {
    /// Which one.
    name: &'static str,
    /// Counted up whenever it is built anew.
    generation: Count,
    /// Whether questions are answered from it; otherwise it is being built.
    live: bool,
    /// How much of its log it has read.
    position: Position,
    /// How long its log is.
    head: Position,
    /// How long the next event that it has to read has been in the log, in seconds; 0 if there is none.
    lag_seconds: f64,
    /// The position of an event that it could not take in and stands before; operators find the reason in the program's log.
    halted_at: Option<Position>,
    /// Why it stands before that event; null for all but staff.
    halted_reason: Option<String>,
}

/// What is kept, and what waits to be done.
#[derive(Debug, SimpleObject)]
struct Upkeep {
    /// How many feeds the server that answers keeps in memory.
    feeds_kept: Count,
    /// How many bytes they take there.
    feeds_kept_bytes: Count,
    /// How many letters wait to be sent.
    letters_waiting: Count,
    /// When what the oldest of them tells of happened; null if none waits.
    oldest_letter_at: Option<DateTime<Utc>>,
    /// How many packages wait for the word of their authors, who look at them before they publish them.
    staged_packages: Count,
    /// How many bytes they have together.
    staged_bytes: Count,
    /// How many bytes the database takes.
    database_bytes: Count,
}

#[Object]
impl StatusQueries {
    /// What is kept, and what waits to be done. For staff.
    #[graphql(complexity = "3 * STATEMENT + child_complexity")]
    async fn upkeep(&self, context: &Context<'_>) -> Result<Upkeep, Problem> {
        let asker = asker(context);
        must_be_staff(asker).await?;
        let fault = |fault| asker.store_fault(fault);
        let feeds = asker.app.feeds.holds();
        let mut read = asker.snapshot.read().await?;
        let letters = upkeep::letters_waiting(read.tx()).await.map_err(fault)?;
        let staged = upkeep::staged_waiting(read.tx(), asker.app.clock.now()).await.map_err(fault)?;
        let database_bytes = upkeep::database_bytes(read.tx()).await.map_err(fault)?;
        Ok(Upkeep {
            feeds_kept: Count(feeds.feeds),
            feeds_kept_bytes: Count(feeds.bytes),
            letters_waiting: Count(letters.count),
            oldest_letter_at: letters.oldest_at,
            staged_packages: Count(staged.count),
            staged_bytes: Count(staged.bytes),
            database_bytes: Count(database_bytes),
        })
    }

    /// How the read models are doing, by name.
    #[graphql(complexity = "STATEMENT + 4 * child_complexity")]
    async fn status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Wait until the read models hold the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Vec<ProjectionStatus>, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        let viewer = asker.viewer().await?;
        let staff = viewer.staff && viewer.in_person;
        let told = asker.snapshot.aside(asker.app.projections.status()).await;
        let told = told.map_err(|fault| asker.store_fault(fault))?;
        Ok(told.into_iter().map(|status| ProjectionStatus::of(status, staff)).collect())
    }
}

impl ProjectionStatus {
    fn of(status: Status, staff: bool) -> Self {
        let (halted_at, reason) = status.halted.unzip();
        Self {
            name: status.name.as_str(),
            generation: Count(status.generation.into()),
            live: status.live,
            position: Position(status.next_position),
            head: Position(status.head),
            lag_seconds: status.lag_seconds,
            halted_at: halted_at.map(Position),
            halted_reason: reason.filter(|_| staff),
        }
    }
}
