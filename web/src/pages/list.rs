//! `/plugins/`: all public plugins, searched, ordered, page by page.

use crate::card::{Card, cards};
use crate::frame::{Frame, Part};
use crate::page::page;
use crate::text::Count;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_domain::Refusal;
use cairn_domain::names::Tag;
use cairn_projections::catalogue::{BadCursor, Cursor, PluginFilter, PluginOrder, plugins};
use cairn_store::Result;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// How many plugins are on a page.
const PLUGINS_PER_PAGE: u32 = 20;

/// The longest search text that is looked at, in characters.
const SEARCH_CHARS_MAX: usize = 200;

/// The orders offered; the first is taken unless another is asked for.
const ORDERS: [Order; 4] = [
    Order { word: "updated", label: "Recently updated", by: PluginOrder::Updated },
    Order { word: "created", label: "Newest", by: PluginOrder::Created },
    Order { word: "downloads", label: "Most downloaded", by: PluginOrder::Downloads },
    Order { word: "name", label: "Name", by: PluginOrder::Name },
];

/// An order that a reader can choose.
#[derive(Debug)]
struct Order {
    /// In addresses.
    word: &'static str,
    label: &'static str,
    by: PluginOrder,
}

/// The query part of the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    q: String,
    tag: String,
    order: String,
    after: String,
}

/// What a reader asks for, after parsing.
#[derive(Debug)]
struct Asked {
    text: String,
    tag: Option<Tag>,
    order: &'static Order,
    after: Option<Cursor>,
}

#[derive(Template)]
#[template(path = "plugins.html")]
struct ListPage {
    frame: Frame,
    asked: Asked,
    orders: &'static [Order],
    total: Count,
    cards: Vec<Card>,
    next: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    request: RequestId,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(parameters) = parameters.map_err(|fault| Refusal::invalid("query", fault.body_text()))?;
    let asked = Asked::of(&parameters)?;
    let list = look(&app, asked).await.map_err(|fault| Problem::store(fault, &request))?;
    Ok(page(&list))
}

async fn look(app: &App, asked: Asked) -> Result<ListPage> {
    let frame = Frame::of(app, Part::Plugins);
    let text = Some(asked.text.clone()).filter(|text| !text.is_empty());
    let filter = PluginFilter { text, tag: asked.tag.clone(), ..PluginFilter::default() };
    let mut read = app.projections.read().await?;
    let listed = plugins(&mut read, &filter, asked.order.by, PLUGINS_PER_PAGE, asked.after.as_ref()).await?;
    let next =
        listed.plugins.last().filter(|_| listed.more).map(|(cursor, _)| asked.address(&frame, Some(cursor)));
    let shown: Vec<_> = listed.plugins.into_iter().map(|(_, plugin)| plugin).collect();
    let cards = cards(&mut read, &frame, &shown).await?;
    Ok(ListPage { frame, asked, orders: &ORDERS, total: Count(listed.total), cards, next })
}

impl Asked {
    /// An order that does not exist is the first one; old links go on working.
    fn of(parameters: &Parameters) -> Result<Self, Refusal> {
        let text: String = parameters.q.trim().chars().take(SEARCH_CHARS_MAX).collect();
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let not_a_cursor = |fault: BadCursor| Refusal::invalid("after", fault.to_string());
        Ok(Self {
            text,
            tag: given(&parameters.tag).map(|tag| tag.parse()).transpose()?,
            order: ORDERS.iter().find(|order| order.word == parameters.order).unwrap_or(&ORDERS[0]),
            after: given(&parameters.after).map(|after| after.parse()).transpose().map_err(not_a_cursor)?,
        })
    }

    fn is_narrowed(&self) -> bool {
        !self.text.is_empty() || self.tag.is_some()
    }

    /// The address of the page that begins after this place.
    fn address(&self, frame: &Frame, after: Option<&Cursor>) -> String {
        let mut query = Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("q", &self.text);
        }
        if let Some(tag) = &self.tag {
            query.append_pair("tag", tag.as_str());
        }
        query.append_pair("order", self.order.word);
        if let Some(after) = after {
            query.append_pair("after", &after.to_string());
        }
        format!("{}/plugins/?{}", frame.root, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn asked(q: &str, tag: &str, order: &str, after: &str) -> Result<Asked, Refusal> {
        let [q, tag, order, after] = [q, tag, order, after].map(str::to_owned);
        Asked::of(&Parameters { q, tag, order, after })
    }

    fn list(asked: Asked, cards: Vec<Card>) -> ListPage {
        let total = Count(cards.len() as u64);
        ListPage { frame: testing::frame(Part::Plugins), asked, orders: &ORDERS, total, cards, next: None }
    }

    #[test]
    fn what_is_asked_comes_back_in_addresses() {
        let asked = asked(" a&b ", "3D", "downloads", "7.-5.ab").unwrap();
        let frame = testing::frame(Part::Plugins);
        assert_eq!(
            asked.address(&frame, asked.after.as_ref()),
            "/qgis/plugins/?q=a%26b&tag=3d&order=downloads&after=7.-5.ab"
        );
        assert_eq!(asked.address(&frame, None), "/qgis/plugins/?q=a%26b&tag=3d&order=downloads");
    }

    #[test]
    fn an_unknown_order_is_the_first_and_a_broken_cursor_is_refused() {
        assert_eq!(asked("", "", "weight", "").unwrap().order.word, "updated");
        assert_eq!(asked("", "", "", "x").unwrap_err().code(), "invalid_input");
    }

    #[test]
    fn a_long_search_is_cut() {
        assert_eq!(
            asked(&"ä".repeat(SEARCH_CHARS_MAX), "", "", "").unwrap().text.chars().count(),
            SEARCH_CHARS_MAX
        );
        assert_eq!(
            asked(&"ä".repeat(SEARCH_CHARS_MAX + 1), "", "", "").unwrap().text.chars().count(),
            SEARCH_CHARS_MAX
        );
    }

    #[test]
    fn nothing_found_and_nothing_there_are_told_apart() {
        let html = list(asked("lasso", "", "", "").unwrap(), vec![]).render().unwrap();
        assert!(html.contains("Nothing matches") && html.contains("value=\"lasso\""), "{html}");
        let html = list(asked("", "", "", "").unwrap(), vec![]).render().unwrap();
        assert!(html.contains("No plugin is published yet"), "{html}");
    }

    #[test]
    fn texts_of_plugins_and_readers_do_nothing() {
        let html = list(asked(HOSTILE, "", "", "").unwrap(), vec![testing::card(HOSTILE)]).render().unwrap();
        assert!(html.contains("1 plugin<"), "{html}");
        testing::is_tame(&html);
    }
}
