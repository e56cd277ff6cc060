//! Questions about plugins and versions.

use super::filter::{Direction, FilterInput, PluginsBy, order_of};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::{STATEMENT, cost_of_list};
use crate::graphql::object::{PluginObject, VersionObject};
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, connected, cost_of_page, nothing};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Object};
use cairn_domain::Refusal;
use cairn_domain::names::PackageName;
use cairn_projections::catalogue::{self, Listed, SUGGESTED_MAX, Window};

/// How many plugins are suggested if nobody says.
const SUGGESTED: i32 = 8;

/// Questions about plugins and versions.
#[derive(Debug, Default)]
pub(crate) struct PluginQueries;

#[Object]
impl PluginQueries {
    /// Plugins, filtered and ordered, page by page in both directions.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn plugins(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from `after` on, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(
            desc = "Where the page before ended: its endCursor, asked with the same filter, order and direction."
        )]
        after: Option<String>,
        #[graphql(desc = "How many ahead of `before`, or of the end of the list, 1 to 100.")] last: Option<
            i32,
        >,
        #[graphql(
            desc = "Where the page behind begins: its startCursor, asked with the same filter, order and direction."
        )]
        before: Option<String>,
        #[graphql(desc = "Which ones; all public ones if left out.")] filter: Option<FilterInput>,
        #[graphql(
            desc = "In which order; if left out, `RELEVANCE` where the filter has `text`, else `NAME`."
        )]
        order: Option<PluginsBy>,
        #[graphql(
            desc = "From which end; if left out, names and registrations from the first on, all else from the greatest, newest or best on."
        )]
        direction: Option<Direction>,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Connected<PluginObject>, Problem> {
        let asker = asker(context);
        let page = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        asker.at_least(at_least).await?;
        let filter = filter.unwrap_or_default();
        let order = order_of(order, direction, filter.text.as_deref());
        let Some(filter) = filter.allowed(asker).await? else { return Ok(nothing()) };
        let window = Window {
            size: page.size,
            backward: page.backward,
            from: page.from.clone(),
            total: asks_total(context),
        };
        let found = {
            let mut read = asker.snapshot.read().await?;
            catalogue::plugins(&mut read, &filter, order, &window).await
        };
        let Listed { total, plugins, more } = found.map_err(|fault| asker.store_fault(fault))?;
        let plugins = plugins.into_iter().map(|(place, plugin)| (place.to_string(), PluginObject(plugin)));
        Ok(connected(&page, total.unwrap_or_default(), more, plugins))
    }

    /// Public plugins for somebody who is typing: those whose names or package names have words that begin like those of the text,
    /// or else look like it. The best first, of equal ones the most downloaded.
    #[graphql(complexity = "cost_of_list(first.or(Some(SUGGESTED)), child_complexity)")]
    async fn suggest(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was typed so far.")] text: String,
        #[graphql(desc = "How many, 1 to 20; 8 if left out.")] first: Option<i32>,
    ) -> Result<Vec<PluginObject>, Problem> {
        let asker = asker(context);
        let first = u32::try_from(first.unwrap_or(SUGGESTED)).ok();
        let first = first.filter(|first| (1..=SUGGESTED_MAX).contains(first));
        let first = first.ok_or_else(|| Refusal::invalid("first", format!("is 1 to {SUGGESTED_MAX}")))?;
        let found = {
            let mut read = asker.snapshot.read().await?;
            catalogue::suggest(&mut read, &text, first).await
        };
        let found = found.map_err(|fault| asker.store_fault(fault))?;
        Ok(found.into_iter().map(PluginObject).collect())
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
    let Some(plugin) = asker.loaders.plugin_called(&package).await? else { return Ok(None) };
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
