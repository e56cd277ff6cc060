//! The question about authors.

use super::counted::{CountedBy, counted};
use crate::graphql::asked::asker;
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, cost_of_page};
use crate::graphql::scalars::Count;
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_projections::catalogue::{self, Counted, Window};

/// The question about authors.
#[derive(Debug, Default)]
pub(crate) struct AuthorQueries;

/// An author line of plugins' metadata: a name, or several.
#[derive(Debug, SimpleObject)]
#[graphql(name = "Author")]
pub(crate) struct AuthorObject {
    /// The line; lines that differ only in case are one.
    name: String,
    /// How many plugins with a public version have it.
    plugin_count: Count,
}

impl From<Counted> for AuthorObject {
    fn from(counted: Counted) -> Self {
        Self { name: counted.name, plugin_count: Count(counted.plugins) }
    }
}

#[Object]
impl AuthorQueries {
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
        let asker = asker(context);
        let page = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        let window = Window {
            size: page.size,
            backward: page.backward,
            from: page.from.clone(),
            total: asks_total(context),
        };
        let found = {
            let mut read = asker.snapshot.read().await?;
            catalogue::authors(&mut read, prefix.as_deref(), order.into(), &window).await
        };
        Ok(counted(&page, found.map_err(|fault| asker.store_fault(fault))?))
    }
}
