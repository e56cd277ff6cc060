//! The feed that QGIS reads, as a list.

use super::{PluginObject, VersionObject};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::cost_of_list;
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, connected, cost_of_page};
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_domain::Refusal;
use cairn_domain::qgis_version::FeedVersion;
use cairn_projections::catalogue::{
    BadCursor, Cursor, ListOf, ListOrder, Listed, Plugin, PluginFilter, PluginOrder, Version, Window, plugins,
};
use cairn_projections::feed::FeedKey;
use futures_util::future::try_join_all;
use std::sync::Arc;

/// A feed for one QGIS version.
#[derive(Debug, Clone)]
pub(crate) struct FeedObject(pub(crate) FeedKey);

/// What a feed lists of one plugin: at most one version of each kind.
#[derive(Debug, SimpleObject)]
pub(crate) struct FeedEntry {
    /// The plugin.
    plugin: PluginObject,
    /// The newest public version for this QGIS that is not experimental.
    stable: Option<VersionObject>,
    /// The newest public version for this QGIS that is experimental; null where the feed is stable only.
    experimental: Option<VersionObject>,
}

/// Some entries of a feed.
#[derive(Debug, SimpleObject)]
pub(crate) struct FeedPage {
    /// The entries.
    entries: Vec<FeedEntry>,
    /// Give it as `after` to go on, also when this page is empty; null at the end.
    next: Option<String>,
}

/// A feed for one QGIS version: what a QGIS that reads `address` is offered.
#[Object(name = "Feed")]
impl FeedObject {
    /// The QGIS version that it is for; null if it is for any.
    async fn qgis(&self) -> Option<String> {
        Some(self.0.version.to_string()).filter(|text| !text.is_empty())
    }

    /// Whether it leaves experimental versions out.
    async fn stable_only(&self) -> bool {
        self.0.stable_only
    }

    /// The absolute address of its XML.
    async fn address(&self, context: &Context<'_>) -> String {
        let mut query = Vec::new();
        if self.0.version != FeedVersion::Every {
            query.push(format!("qgis={}", self.0.version));
        }
        if self.0.stable_only {
            query.push("stable_only=1".to_owned());
        }
        let mark = if query.is_empty() { "" } else { "?" };
        asker(context).app.settings.address(&format!("/plugins/plugins.xml{mark}{}", query.join("&")))
    }

    /// The entity tag of the XML, quotes included; it changes when and only when the XML does.
    async fn etag(&self, context: &Context<'_>) -> String {
        asker(context).app.feeds.body(&self.0).await.etag().to_owned()
    }

    /// Its plugins in the order of their registration, like the XML. A page may hold fewer than asked for although more
    /// follow: plugins that have nothing for this QGIS are passed over.
    #[graphql(
        complexity = "cost_of_list(first, child_complexity)",
        deprecation = "ask for `entriesConnection`"
    )]
    async fn entries(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many plugins to look at, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "`next` of the page before.")] after: Option<String>,
    ) -> Result<FeedPage, Problem> {
        let asker = asker(context);
        let first = asker.limits().page_size(first)?;
        let from = after.map(|after| after.parse()).transpose();
        let from = from.map_err(|fault: BadCursor| Refusal::invalid("after", fault.to_string()))?;
        let window = Window { from, total: false, ..Window::first(first) };
        let filter = PluginFilter { list: ListOf::Approved, ..PluginFilter::default() };
        let page = {
            let mut read = asker.snapshot.read().await?;
            plugins(&mut read, &filter, ListOrder::by(PluginOrder::Id), &window).await
        };
        let page = page.map_err(|fault| asker.store_fault(fault))?;
        let next = page.plugins.last().filter(|_| page.more).map(|(place, _)| place.to_string());
        let entries =
            self.entries_of(asker, page.plugins).await?.into_iter().map(|(_, entry)| entry).collect();
        Ok(FeedPage { entries, next })
    }

    /// Its plugins in the order of their registration, like the XML, page by page.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn entries_connection(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
    ) -> Result<Connected<FeedEntry>, Problem> {
        let asker = asker(context);
        let page: Page<Cursor> = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        let window = Window {
            size: page.size,
            backward: page.backward,
            from: page.from.clone(),
            total: asks_total(context),
        };
        let filter = PluginFilter {
            list: ListOf::Approved,
            qgis: Some(self.0.version),
            stable: self.0.stable_only.then_some(true),
            ..PluginFilter::default()
        };
        let found = {
            let mut read = asker.snapshot.read().await?;
            plugins(&mut read, &filter, ListOrder::by(PluginOrder::Id), &window).await
        };
        let Listed { total, plugins, more } = found.map_err(|fault| asker.store_fault(fault))?;
        Ok(connected(&page, total.unwrap_or_default(), more, self.entries_of(asker, plugins).await?))
    }
}

impl FeedObject {
    /// What the feed lists of these plugins, each with its place; those of which it lists nothing are left out.
    async fn entries_of(
        &self,
        asker: &Asker,
        plugins: Vec<(Cursor, Plugin)>,
    ) -> Result<Vec<(String, FeedEntry)>, Problem> {
        let versions = plugins.iter().map(|(_, plugin)| asker.loaders.versions(plugin.id));
        let versions = try_join_all(versions).await?;
        let entry = |((place, plugin), versions): ((Cursor, Plugin), Arc<Vec<Version>>)| {
            let [stable, experimental] = [false, true].map(|kind| self.newest(&versions, kind));
            let listed = stable.is_some() || experimental.is_some();
            let entry = listed.then_some(FeedEntry { plugin: PluginObject(plugin), stable, experimental })?;
            Some((place.to_string(), entry))
        };
        Ok(plugins.into_iter().zip(versions).filter_map(entry).collect())
    }

    /// The rule of `projections::feed::select::newest`, on versions that are sorted already; a story holds both together.
    fn newest(&self, newest_first: &[Version], experimental: bool) -> Option<VersionObject> {
        if experimental && self.0.stable_only {
            return None;
        }
        let admitted = |version: &&Version| {
            version.is_offered()
                && version.experimental == experimental
                && version.qgis.admits(&self.0.version)
        };
        let admitted = || newest_first.iter().filter(admitted);
        let listed = admitted().find(|version| version.pinned).or_else(|| admitted().next());
        listed.cloned().map(VersionObject)
    }
}
