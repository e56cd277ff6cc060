//! `/plugins/tags/`: every tag that public plugins have, with how many.

use crate::ask::Ask;
use crate::documents::{TagsPage as Document, tags_page};
use crate::frame::{Frame, Part, path_part};
use crate::meta::Meta;
use crate::page::public_page;
use crate::text::Count;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;
use tags_page::CountedBy;

/// How many tags are on a page.
const TAGS_PER_PAGE: i64 = 100;

/// The longest beginning of a tag that is looked for, in characters.
const PREFIX_CHARS_MAX: usize = 50;

/// Which tags, in which order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    q: String,
    sort: String,
    after: Option<String>,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "tags.html")]
struct TagsPage {
    frame: Frame,
    meta: Meta,
    prefix: String,
    by_name: bool,
    total: Count,
    tags: Vec<(String, Count)>,
    previous: Option<String>,
    next: Option<String>,
}

pub(super) async fn show(ask: Ask, Query(asked): Query<Parameters>) -> Result<Response, Problem> {
    let prefix: String = asked.q.trim().chars().take(PREFIX_CHARS_MAX).collect();
    let by_name = asked.sort == "name";
    let backward = asked.before.is_some();
    let variables = tags_page::Variables {
        prefix: Some(prefix.clone()).filter(|prefix| !prefix.is_empty()),
        order: if by_name { CountedBy::NAME } else { CountedBy::COUNT },
        first: (!backward).then_some(TAGS_PER_PAGE),
        after: asked.after.clone().filter(|_| !backward),
        last: backward.then_some(TAGS_PER_PAGE),
        before: asked.before.clone(),
    };
    let told = ask.query::<Document>(variables).await?.tags;
    let frame = ask.frame(Part::Plugins);
    let mut meta = Meta::of(
        &frame,
        "/plugins/tags/",
        "Tags",
        "What plugins for QGIS are about: all tags, with how many plugins have them.",
    );
    meta.unlisted = !prefix.is_empty() || by_name || asked.after.is_some() || backward;
    let link = |word: &str, cursor: Option<String>, there: bool| {
        let cursor = cursor.filter(|_| there)?;
        let query =
            format!("q={}&sort={}&{word}={}", path_part(&prefix), asked.sort_word(), path_part(&cursor));
        Some(format!("{}/plugins/tags/?{query}", frame.root))
    };
    Ok(public_page(&TagsPage {
        previous: link("before", told.page_info.start_cursor, told.page_info.has_previous_page),
        next: link("after", told.page_info.end_cursor, told.page_info.has_next_page),
        total: Count(told.total_count),
        tags: told.nodes.into_iter().map(|tag| (tag.name, Count(tag.plugin_count))).collect(),
        prefix,
        by_name,
        meta,
        frame,
    }))
}

impl Parameters {
    fn sort_word(&self) -> &'static str {
        if self.sort == "name" { "name" } else { "plugins" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn tags(tags: Vec<(String, Count)>) -> String {
        let frame = testing::frame(Part::Plugins);
        let total = Count(tags.len() as u64);
        let (prefix, meta) = (HOSTILE.to_owned(), Meta::of(&frame, "/plugins/tags/", "Tags", ""));
        let page = TagsPage { meta, prefix, by_name: false, total, tags, previous: None, next: None, frame };
        page.render().unwrap()
    }

    #[test]
    fn texts_of_tags_and_readers_do_nothing() {
        let html = tags(vec![(HOSTILE.into(), Count(2))]);
        assert!(html.contains("2<span class=\"hidden\"> plugins"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn no_tag_is_told() {
        assert!(tags(vec![]).contains("No tag begins like this"));
    }
}
