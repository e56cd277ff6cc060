//! The repository's policy.

use crate::graphql::asked::asker;
use crate::graphql::limits::DEED;
use crate::graphql::object::{OnBlockWord, PolicyObject, RegistrationWord, StaffFactorWord};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object};
use cairn_commands::Done;
use cairn_commands::site::SetPolicy;
use cairn_domain::site::Policy;

/// The repository's policy.
#[derive(Debug, Default)]
pub(crate) struct SiteDeeds;

/// Rules that shall be others; what is left out stays as it is.
#[derive(InputObject)]
struct SetPolicyInput {
    /// Who may make an account.
    registration: Option<RegistrationWord>,
    /// Whether staff must have a second factor.
    staff_factor: Option<StaffFactorWord>,
    /// Whether everybody who publishes must have a second factor.
    publisher_factor: Option<bool>,
    /// What becomes of a blocked account's published versions.
    on_block: Option<OnBlockWord>,
    /// The longest life of a plugin token, in days: 1 to 3650.
    token_days_max: Option<u32>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// The policy now.
struct PolicyPayload(Done<Policy>);

#[Object]
impl SiteDeeds {
    /// Changes the rules that hold for everybody. For admins.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn set_policy(
        &self,
        context: &Context<'_>,
        input: SetPolicyInput,
    ) -> Result<PolicyPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let command = SetPolicy {
            registration: input.registration.map(Into::into),
            staff_factor: input.staff_factor.map(Into::into),
            publisher_factor: input.publisher_factor,
            on_block: input.on_block.map(Into::into),
            token_days_max: input.token_days_max,
        };
        asker.send(&command, key.as_deref()).await.map(PolicyPayload)
    }
}

/// The policy now.
#[Object]
impl PolicyPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// All rules.
    async fn policy(&self) -> PolicyObject {
        PolicyObject(self.0.answer)
    }
}
