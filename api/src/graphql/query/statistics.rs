//! Questions about numbers over time.

use crate::graphql::asked::asker;
use crate::graphql::object::{AskedSpan, Span, StatisticsObject, StatisticsStep};
use crate::graphql::scalars::{Date, Position};
use crate::problem::Problem;
use async_graphql::{Context, Object};

/// Questions about numbers over time.
#[derive(Debug, Default)]
pub(crate) struct StatisticsQueries;

#[Object]
impl StatisticsQueries {
    /// What was done and downloaded in a time. By day a leap year is told at most, by week three years, by month ten.
    #[graphql(complexity = "1 + child_complexity")]
    async fn statistics(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The first day, widened to the beginning of its week or month; 29 days, 25 weeks or 11 months before the last if left out."
        )]
        from: Option<Date>,
        #[graphql(desc = "The last day, widened to the end of its week or month; today if left out.")]
        to: Option<Date>,
        #[graphql(desc = "What numbers are added up by; by day if left out.")] by: Option<StatisticsStep>,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<StatisticsObject, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        let today = asker.app.clock.now().date_naive();
        Ok(StatisticsObject(Span::of(&asker.limits(), AskedSpan { from, to, by }, today)?))
    }
}
