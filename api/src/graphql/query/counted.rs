//! The questions about tags, authors and licences: names with how many plugins have them.

use crate::graphql::asked::asker;
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, connected, cost_of_page};
use crate::graphql::scalars::Count;
use crate::problem::Problem;
use async_graphql::{Context, Enum, Object, OutputType, SimpleObject};
use cairn_domain::license::License;
use cairn_projections::catalogue::{self, Counted, CountedCursor, CountedOrder, Window};

/// The questions about tags, authors and licences.
#[derive(Debug, Default)]
pub(crate) struct CountedQueries;

/// How tags, authors and licences are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
pub(super) enum CountedBy {
    /// From A.
    #[default]
    Name,
    /// Those that most plugins have first; of as many, from A.
    Count,
}

impl From<CountedBy> for CountedOrder {
    fn from(by: CountedBy) -> Self {
        match by {
            CountedBy::Name => Self::Name,
            CountedBy::Count => Self::Count,
        }
    }
}

/// A label that authors gave their plugins.
#[derive(Debug, SimpleObject)]
#[graphql(name = "Tag")]
pub(crate) struct TagObject {
    /// The tag, in lower case.
    name: String,
    /// How many plugins with a public version have it.
    plugin_count: Count,
}

/// An author line of plugins' metadata: a name, or several.
#[derive(Debug, SimpleObject)]
#[graphql(name = "Author")]
pub(crate) struct AuthorObject {
    /// The line; lines that differ only in case are one.
    name: String,
    /// How many plugins with a public version have it.
    plugin_count: Count,
}

/// A licence that plugins are under.
#[derive(Debug, SimpleObject)]
#[graphql(name = "License")]
pub(crate) struct LicenseObject {
    /// An SPDX expression, or the words of an author.
    name: String,
    /// The name in full, where it is one licence of the SPDX list.
    full_name: Option<&'static str>,
    /// How many plugins with a public version have it.
    plugin_count: Count,
}

impl From<Counted> for TagObject {
    fn from(counted: Counted) -> Self {
        Self { name: counted.name, plugin_count: Count(counted.plugins) }
    }
}

impl From<Counted> for AuthorObject {
    fn from(counted: Counted) -> Self {
        Self { name: counted.name, plugin_count: Count(counted.plugins) }
    }
}

impl From<Counted> for LicenseObject {
    fn from(counted: Counted) -> Self {
        let full_name = counted.name.parse().ok().and_then(|license: License| license.full_name());
        Self { full_name, name: counted.name, plugin_count: Count(counted.plugins) }
    }
}

#[Object]
impl CountedQueries {
    /// The tags of public plugins with how many plugins have them, page by page in both directions.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn tags(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from `after` on, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "Where the page before ended: its endCursor, asked with the same order.")]
        after: Option<String>,
        #[graphql(desc = "How many ahead of `before`, or of the end of the list, 1 to 100.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Where the page behind begins: its startCursor, asked with the same order.")] before: Option<
            String,
        >,
        #[graphql(desc = "Only those that begin with this.")] prefix: Option<String>,
        #[graphql(desc = "In which order.", default)] order: CountedBy,
    ) -> Result<Connected<TagObject>, Problem> {
        let wanted = Wanted { bounds: Bounds { first, after, last, before }, prefix, order };
        counted(context, Names::Tags, wanted).await
    }

    /// The authors whom the newest public versions of plugins name in their metadata, with how many plugins, page by page in both directions. They need not have accounts.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn authors(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from `after` on, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "Where the page before ended: its endCursor, asked with the same order.")]
        after: Option<String>,
        #[graphql(desc = "How many ahead of `before`, or of the end of the list, 1 to 100.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Where the page behind begins: its startCursor, asked with the same order.")] before: Option<
            String,
        >,
        #[graphql(desc = "Only those that begin with this, without regard to case.")] prefix: Option<String>,
        #[graphql(desc = "In which order.", default)] order: CountedBy,
    ) -> Result<Connected<AuthorObject>, Problem> {
        let wanted = Wanted { bounds: Bounds { first, after, last, before }, prefix, order };
        counted(context, Names::Authors, wanted).await
    }

    /// The licences of the newest public versions of plugins with how many plugins have them, page by page in both directions. Plugins whose
    /// licence is not known are counted nowhere.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn licenses(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from `after` on, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "Where the page before ended: its endCursor, asked with the same order.")]
        after: Option<String>,
        #[graphql(desc = "How many ahead of `before`, or of the end of the list, 1 to 100.")] last: Option<
            i32,
        >,
        #[graphql(desc = "Where the page behind begins: its startCursor, asked with the same order.")] before: Option<
            String,
        >,
        #[graphql(desc = "In which order.", default)] order: CountedBy,
    ) -> Result<Connected<LicenseObject>, Problem> {
        let wanted = Wanted { bounds: Bounds { first, after, last, before }, prefix: None, order };
        counted(context, Names::Licenses, wanted).await
    }
}

/// Which names are counted.
#[derive(Debug, Clone, Copy)]
enum Names {
    Tags,
    Authors,
    Licenses,
}

/// The arguments that these questions have.
#[derive(Debug)]
struct Wanted {
    bounds: Bounds,
    prefix: Option<String>,
    order: CountedBy,
}

/// A page of them.
async fn counted<N>(context: &Context<'_>, names: Names, wanted: Wanted) -> Result<Connected<N>, Problem>
where
    N: OutputType + From<Counted>,
{
    let asker = asker(context);
    let page: Page<CountedCursor> = Page::of(&asker.limits(), wanted.bounds)?;
    let window = Window {
        size: page.size,
        backward: page.backward,
        from: page.from.clone(),
        total: asks_total(context),
    };
    let (prefix, order) = (wanted.prefix.as_deref(), wanted.order.into());
    let found = {
        let mut read = asker.snapshot.read().await?;
        match names {
            Names::Tags => catalogue::tags(&mut read, prefix, order, &window).await,
            Names::Authors => catalogue::authors(&mut read, prefix, order, &window).await,
            Names::Licenses => catalogue::licenses(&mut read, order, &window).await,
        }
    };
    let list = found.map_err(|fault| asker.store_fault(fault))?;
    let items = list.items.into_iter().map(|(place, item)| (place.to_string(), N::from(item)));
    Ok(connected(&page, list.total.unwrap_or_default(), list.more, items))
}
