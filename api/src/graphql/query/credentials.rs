//! The question about what publishes a plugin.

use crate::credentials::Sight;
use crate::graphql::asked::asker;
use crate::graphql::limits::{PAGE_SIZE, STATEMENT};
use crate::graphql::object::{PublisherObject, TokenObject};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_domain::names::PackageName;

/// The question about what publishes a plugin.
#[derive(Debug, Default)]
pub(crate) struct CredentialQueries;

/// What publishes a plugin besides people, as far as you may see it.
#[derive(Debug, SimpleObject)]
struct Credentials {
    /// The package name that they are for.
    package: String,
    /// Tokens that are not revoked, the newest first: your own, and to who founded the plugin and to staff all.
    #[graphql(complexity = "PAGE_SIZE as usize * child_complexity")]
    tokens: Vec<TokenObject>,
    /// Trusted publishers, the newest first: your own, and to the plugin's owners and staff all.
    #[graphql(complexity = "PAGE_SIZE as usize * child_complexity")]
    publishers: Vec<PublisherObject>,
}

#[Object]
impl CredentialQueries {
    /// The tokens and trusted publishers for a package name, whose plugin need not exist yet. Refused to strangers where it does,
    /// and to plugin tokens.
    #[graphql(complexity = "2 * STATEMENT + child_complexity")]
    async fn credentials(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package name.")] package: String,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Credentials, Problem> {
        let asker = asker(context);
        let package: PackageName = package.parse()?;
        asker.at_least(at_least).await?;
        let sight = asker.snapshot.aside(Sight::of(&asker.app, asker.actor(), &package)).await;
        let sight = sight.map_err(|fault| asker.fault(fault))?;
        let mut read = asker.snapshot.read().await?;
        let seen = sight.look(&mut read, &package).await.map_err(|fault| asker.store_fault(fault))?;
        Ok(Credentials {
            package: package.to_string(),
            tokens: seen.tokens.into_iter().map(TokenObject).collect(),
            publishers: seen.publishers.into_iter().map(PublisherObject).collect(),
        })
    }
}
