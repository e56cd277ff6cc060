//! What every form of these pages does: the deed, and then the page that shows it, or the form again.

use super::Trouble;
use crate::ask::Ask;
use crate::done::Done;
use axum::response::Response;
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use graphql_client::GraphQLQuery;

/// A deed of a form, and where it leads.
pub(super) struct Deed {
    /// The name of the form.
    pub(super) form: &'static str,
    /// The page that shows what was done.
    pub(super) to: String,
    /// What to say there.
    pub(super) done: Done,
}

/// Does it. `Err` of the outer kind is a page of its own; of the inner kind, what to say beside the form.
pub(super) async fn carry_out<Q: GraphQLQuery>(
    ask: &Ask,
    variables: Q::Variables,
    deed: Deed,
) -> Result<Result<Response, Trouble>, Problem> {
    match ask.deed::<Q>(variables).await {
        Ok(Told { position, .. }) => Ok(Ok(ask.go(&deed.to, Some(deed.done), position))),
        Err(problem) => Ok(Err(Trouble::of(deed.form, problem)?)),
    }
}
