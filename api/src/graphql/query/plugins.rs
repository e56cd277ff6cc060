//! Questions about plugins and versions.

use super::cursor;
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::{STATEMENT, cost_of_list};
use crate::graphql::object::{PluginObject, VersionObject};
use crate::graphql::scalars::{Count, Position};
use crate::problem::Problem;
use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use cairn_domain::names::PackageName;
use cairn_domain::{Actor, Refusal};
use cairn_projections::catalogue::{self, ListOf, Listed, PluginFilter, PluginOrder};

/// Questions about plugins and versions.
#[derive(Debug, Default)]
pub(crate) struct PluginQueries;

/// Which plugins; all that is given must hold.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "PluginFilter")]
struct FilterInput {
    /// Words that name, package name, description or tags contain, all of them, without regard to case.
    text: Option<String>,
    /// Those with this tag.
    tag: Option<String>,
    /// Those that this account owns, by its name or id.
    owner: Option<String>,
    /// The one with this package name, however it is capitalised.
    package: Option<String>,
    /// Those that staff recommend, or those that they do not.
    featured: Option<bool>,
    /// Those that metadata, owners or staff advise against using, or the others.
    deprecated: Option<bool>,
    /// By their state.
    #[graphql(default)]
    state: PluginState,
}

/// Plugins by their state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
enum PluginState {
    /// With a public version that is not yanked.
    #[default]
    Public,
    /// With a version that somebody should look at. Staff see all of them, others those that they own.
    Waiting,
    /// Marked for deletion. Staff see all of them, others those that they own.
    Deleted,
    /// Any, also those that are hidden or gone. Staff see all of them, others those that they own.
    Any,
}

/// What a list of plugins is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
enum PluginsBy {
    /// The name people see, from A.
    #[default]
    Name,
    /// Most downloaded first.
    Downloads,
    /// Newest plugin first.
    Created,
    /// Newest version first.
    Updated,
    /// In the order of registration.
    Id,
}

/// What a list of plugins is, besides its page.
#[derive(Debug, SimpleObject)]
struct Total {
    /// How many plugins match, on all pages.
    total_count: Count,
}

#[Object]
impl PluginQueries {
    /// Plugins, page by page.
    #[graphql(complexity = "cost_of_list(first, child_complexity)")]
    async fn plugins(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(
            desc = "Where the page before ended: its endCursor, asked with the same filter and order."
        )]
        after: Option<String>,
        #[graphql(desc = "Which ones; all public ones if left out.")] filter: Option<FilterInput>,
        #[graphql(desc = "In which order.", default)] order: PluginsBy,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Connection<String, PluginObject, Total>, Problem> {
        let asker = asker(context);
        let first = asker.limits().page_size(first)?;
        let after = cursor(after)?;
        asker.at_least(at_least).await?;
        let Some(filter) = filter.unwrap_or_default().allowed(asker).await? else {
            return Ok(Connection::with_additional_fields(false, false, Total { total_count: Count(0) }));
        };
        let found = {
            let mut read = asker.snapshot.read().await?;
            catalogue::plugins(&mut read, &filter, order.into(), first, after.as_ref()).await
        };
        let Listed { total, plugins, more } = found.map_err(|fault| asker.store_fault(fault))?;
        let total = Total { total_count: Count(total) };
        let mut connection = Connection::with_additional_fields(after.is_some(), more, total);
        let edge = |(place, plugin): (catalogue::Cursor, _)| {
            Edge::with_additional_fields(place.to_string(), PluginObject(plugin), EmptyFields)
        };
        connection.edges.extend(plugins.into_iter().map(edge));
        Ok(connection)
    }

    /// One plugin, by its package name; null if there is none or you may not see it.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn plugin(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package name, however it is capitalised.")] package: String,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Option<PluginObject>, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        plugin_called(asker, &package).await
    }

    /// One version of a plugin; null if there is none or you may not see it.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn version(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package name, however it is capitalised.")] package: String,
        #[graphql(
            desc = "The number in any of the forms that clients write: `1.1.0` for `1.1`, `1.3` for `v1.3`."
        )]
        version: String,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Option<VersionObject>, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        version_called(asker, &package, &version).await
    }
}

/// The plugin, if there is one and whoever asks may see it.
pub(in crate::graphql) async fn plugin_called(
    asker: &Asker,
    package: &str,
) -> Result<Option<PluginObject>, Problem> {
    // A text that cannot be a package name is nobody's.
    let Ok(package) = package.parse::<PackageName>() else { return Ok(None) };
    let found = {
        let mut read = asker.snapshot.read().await?;
        catalogue::plugin_like(&mut read, &package).await
    };
    let Some(plugin) = found.map_err(|fault| asker.store_fault(fault))? else { return Ok(None) };
    let seen = plugin.is_public() || asker.reviews(plugin.id).await?;
    Ok(seen.then_some(PluginObject(plugin)))
}

/// The version, if there is one and whoever asks may see it.
pub(in crate::graphql) async fn version_called(
    asker: &Asker,
    package: &str,
    number: &str,
) -> Result<Option<VersionObject>, Problem> {
    match plugin_called(asker, package).await? {
        Some(plugin) => plugin.version_called(asker, number).await,
        None => Ok(None),
    }
}

impl FilterInput {
    /// The filter as far as whoever asks may look; none if nothing can match.
    async fn allowed(self, asker: &Asker) -> Result<Option<PluginFilter>, Problem> {
        let viewer = asker.viewer().await?;
        let list = match self.state {
            PluginState::Public => ListOf::Approved,
            PluginState::Waiting => ListOf::Waiting,
            PluginState::Deleted => ListOf::Deleted,
            PluginState::Any => ListOf::All,
        };
        let named = match self.owner {
            Some(owner) => match asker.person_called(&owner).await? {
                Some(owner) => Some(owner),
                None => return Ok(None),
            },
            None => None,
        };
        let owner = if list == ListOf::Approved || viewer.staff {
            named
        } else {
            if asker.actor() == Actor::Anonymous {
                return Err(Refusal::Unauthenticated.into());
            }
            if named.is_some() && named != viewer.account {
                return Ok(None);
            }
            viewer.account
        };
        let tag = self.tag.map(|tag| tag.parse()).transpose()?;
        let package = self.package.map(|package| package.parse()).transpose()?;
        Ok(Some(PluginFilter {
            list,
            text: self.text,
            tag,
            owner,
            package,
            featured: self.featured,
            deprecated: self.deprecated,
        }))
    }
}

impl From<PluginsBy> for PluginOrder {
    fn from(by: PluginsBy) -> Self {
        match by {
            PluginsBy::Name => Self::Name,
            PluginsBy::Downloads => Self::Downloads,
            PluginsBy::Created => Self::Created,
            PluginsBy::Updated => Self::Updated,
            PluginsBy::Id => Self::Id,
        }
    }
}
