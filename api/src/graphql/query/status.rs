//! How the read models are doing.

use crate::graphql::asked::asker;
use crate::graphql::limits::STATEMENT;
use crate::graphql::scalars::{Count, Position};
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_projections::Status;

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

#[Object]
impl StatusQueries {
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
