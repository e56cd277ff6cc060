//! Rating plugins.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::Rating;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use cairn_commands::vote::CastVote;
use cairn_domain::Refusal;

/// Rating plugins.
#[derive(Debug, Default)]
pub(crate) struct VoteDeeds;

/// A vote.
#[derive(InputObject)]
struct CastVoteInput {
    /// The package name of the plugin.
    package: String,
    /// 1 to 5.
    score: i32,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// The votes for a plugin after one was cast.
#[derive(Debug, SimpleObject)]
struct CastVotePayload {
    /// Reads that hold the registry log up to here see it.
    position: Position,
    /// Whether the idempotency key was used before, so that nothing was done now.
    repeated: bool,
    /// What people think of the plugin now.
    rating: Rating,
}

#[Object]
impl VoteDeeds {
    /// Rates a plugin. Whoever is signed in has one vote and may change it; others have one a day.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn cast_vote(
        &self,
        context: &Context<'_>,
        input: CastVoteInput,
    ) -> Result<CastVotePayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = CastVote {
            package: input.package.parse()?,
            score: u8::try_from(input.score).map_err(|_| Refusal::VoteOutOfRange)?,
            key_of_the_day: asker.app.voters.key(asker.address(), asker.app.clock.now()),
        };
        let done = asker.send(&command, key.as_deref()).await?;
        let rating = Rating::of(done.answer.votes, done.answer.score);
        Ok(CastVotePayload { position: Position(done.position), repeated: done.repeated, rating })
    }
}
