//! Teams and who is in them.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::AccountObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::team::{AddTeamMember, FormTeam, Members, RemoveTeamMember};

/// Teams and who is in them.
#[derive(Debug, Default)]
pub(crate) struct TeamDeeds;

/// A team that shall come into being.
#[derive(InputObject)]
struct FormTeamInput {
    /// Its name: 2 to 64 letters, digits, `-` or `_`. It stands in the log for ever, so it names a group and never a person.
    team: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// An account that shall be in a team, or no longer.
#[derive(InputObject)]
struct TeamMemberInput {
    /// The name of the team.
    team: String,
    /// The account, by name or id.
    account: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Who is in a team now.
struct TeamPayload(Done<Members>);

#[Object]
impl TeamDeeds {
    /// Makes a team with you as its first member. For every account.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn form_team(&self, context: &Context<'_>, input: FormTeamInput) -> Result<TeamPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        asker.send(&FormTeam { team: input.team.parse()? }, key.as_deref()).await.map(TeamPayload)
    }

    /// Lets an account own all that the team owns. For members of the team and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn add_team_member(
        &self,
        context: &Context<'_>,
        input: TeamMemberInput,
    ) -> Result<TeamPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let command = AddTeamMember { team: input.team.parse()?, account };
        asker.send(&command, key.as_deref()).await.map(TeamPayload)
    }

    /// Ends an account's membership, also your own; the last member cannot go. For members of the team and staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn remove_team_member(
        &self,
        context: &Context<'_>,
        input: TeamMemberInput,
    ) -> Result<TeamPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let account = asker.account_called(&input.account).await?;
        let command = RemoveTeamMember { team: input.team.parse()?, account };
        asker.send(&command, key.as_deref()).await.map(TeamPayload)
    }
}

/// Who is in a team now.
#[Object]
impl TeamPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// The name of the team, as first written.
    async fn team(&self) -> &str {
        self.0.answer.team.as_str()
    }

    /// The ids of its members.
    async fn member_ids(&self) -> Vec<String> {
        self.0.answer.members.iter().map(ToString::to_string).collect()
    }

    /// Its members, read when readers have caught up.
    #[graphql(complexity = "2 + 3 * child_complexity")]
    async fn members(&self, context: &Context<'_>) -> Result<Vec<AccountObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        let members = asker.loaders.accounts(&self.0.answer.members).await?;
        Ok(members.into_iter().map(AccountObject).collect())
    }
}
