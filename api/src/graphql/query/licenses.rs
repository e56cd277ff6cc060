//! The question about licences.

use super::counted::{CountedBy, counted};
use crate::graphql::asked::asker;
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, cost_of_page};
use crate::graphql::scalars::Count;
use crate::problem::Problem;
use async_graphql::{Context, Object, SimpleObject};
use cairn_domain::license::License;
use cairn_projections::catalogue::{self, Counted, Window};

/// The question about licences.
#[derive(Debug, Default)]
pub(crate) struct LicenseQueries;

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

impl From<Counted> for LicenseObject {
    fn from(counted: Counted) -> Self {
        let full_name = counted.name.parse().ok().and_then(|license: License| license.full_name());
        Self { full_name, name: counted.name, plugin_count: Count(counted.plugins) }
    }
}

#[Object]
impl LicenseQueries {
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
            catalogue::licenses(&mut read, order.into(), &window).await
        };
        Ok(counted(&page, found.map_err(|fault| asker.store_fault(fault))?))
    }
}
