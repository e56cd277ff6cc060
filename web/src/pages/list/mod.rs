//! `/plugins/` and the lists below it: all public plugins, searched, narrowed, ordered, page by page.

mod alike;
mod asked;
mod preset;
mod sort;

use crate::ask::{Ask, refused};
use crate::card::{Card, card_of};
use crate::documents::{ListLicenses, ListPage as Document, list_licenses, list_page};
use crate::frame::{Frame, Part};
use crate::meta::Meta;
use crate::page::{page_with, public_page};
use crate::problem_page::sentence;
use crate::text::Count;
use alike::{Told, only_looks_alike};
use askama::Template;
use asked::{Asked, Chip, FLAGS, LIMITS, Place};
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::get;
use cairn_api::App;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use cairn_domain::license::License;
use cairn_domain::plugin::Channel;
use chrono::{DateTime, Days, NaiveTime, Utc};
use list_licenses::ListLicensesLicensesNodes;
use list_page::{ListPagePlugins, Variables};
use preset::{Base, FRESH_DAYS, PRESETS, Since};
use sort::Sort;

/// The routes of the lists; they come before the plugins that are called as they are.
pub(super) fn routes() -> Router<App> {
    let mut routes = Router::new()
        .route("/plugins/tags/{tag}", get(of_tag))
        .route("/plugins/author/{author}", get(of_author));
    for preset in &PRESETS {
        let path = format!("/plugins/{}", preset.word);
        let show = move |ask: Ask, RawQuery(query): RawQuery| show(ask, Base::Preset(preset), query);
        routes = routes.route(path.trim_end_matches('/'), get(show));
    }
    routes
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    frame: Frame,
    meta: Meta,
    heading: String,
    lede: String,
    asked: Asked,
    chips: Vec<Chip>,
    total: Count,
    cards: Vec<Card>,
    licenses: Vec<Choice>,
    previous: Option<String>,
    next: Option<String>,
    /// Nothing has all the words, so these are those whose names look alike.
    alike: bool,
    /// Why nothing was asked: what is wrong with what a reader wrote.
    problem: Option<String>,
}

/// A licence that the list can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

card_of!(list_page);

async fn of_tag(ask: Ask, Path(tag): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    show(ask, Base::Tag(tag.parse()?), query).await
}

async fn of_author(
    ask: Ask,
    Path(author): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let author = author.trim();
    if author.is_empty() || author.chars().count() > LIMITS.text_chars_max {
        return Err(Refusal::NothingHere.into());
    }
    show(ask, Base::Author(author.to_owned()), query).await
}

async fn show(ask: Ask, base: Base, query: Option<String>) -> Result<Response, Problem> {
    let asked = Asked::read(base, query.as_deref().unwrap_or_default())?;
    let found = look(&ask, &asked).await;
    let licenses = ask.query::<ListLicenses>(list_licenses::Variables {}).await?.licenses.nodes;
    let licenses = choices(licenses, asked.license.as_ref());
    match found {
        Ok(Some(told)) => {
            let page = ListPage::of(ask.frame(Part::Plugins), asked, told);
            Ok(public_page(&ListPage { licenses, ..page }))
        }
        Ok(None) => Err(Refusal::NothingHere.into()),
        // A filter that cannot be: the reader mends it where it was written.
        Err(problem) => {
            let status = problem.status();
            let refusal = refused(problem)?;
            let mut page = ListPage::empty(ask.frame(Part::Plugins), asked);
            page.licenses = licenses;
            page.problem = Some(match refusal {
                // The field is marked where it stands; its name in the schema tells a reader nothing.
                Refusal::InvalidInput { message, .. } => sentence(&message),
                refusal => sentence(&refusal.to_string()),
            });
            Ok(page_with(status, &page))
        }
    }
}

/// The licences that most plugins have, and the one that is asked for, if none of those.
fn choices(told: Vec<ListLicensesLicensesNodes>, asked: Option<&License>) -> Vec<Choice> {
    let chosen = |name: &str| asked.is_some_and(|asked| asked.as_str() == name);
    let choice = |told: ListLicensesLicensesNodes| {
        let name = told.full_name.map(|name| format!(", {name}")).unwrap_or_default();
        Choice {
            label: format!("{}{name} ({})", told.name, Count(told.plugin_count)),
            chosen: chosen(&told.name),
            value: told.name,
        }
    };
    let mut choices: Vec<Choice> = told.into_iter().map(choice).collect();
    if let Some(asked) = asked.filter(|_| !choices.iter().any(|choice| choice.chosen)) {
        choices.push(Choice { value: asked.to_string(), label: asked.to_string(), chosen: true });
    }
    choices
}

/// The plugins on the page; none if there is no such page.
async fn look(ask: &Ask, asked: &Asked) -> Result<Option<ListPagePlugins>, Problem> {
    let per_page = i64::from(asked.per_page);
    let mut variables = variables(asked, ask.app.clock.now());
    match &asked.place {
        Place::After(cursor) => variables.after = Some(cursor.clone()),
        Place::Before(cursor) => variables.before = Some(cursor.clone()),
        Place::Number(1) | Place::Last => {}
        Place::Number(number) => {
            match skip(ask, &variables, (number - 1).saturating_mul(asked.per_page)).await? {
                Some(cursor) => variables.after = Some(cursor),
                None => return Ok(None),
            }
        }
    }
    match asked.place {
        Place::Before(_) | Place::Last => variables.last = Some(per_page),
        _ => variables.first = Some(per_page),
    }
    let told = ask.query::<Document>(variables).await?.plugins;
    let beyond = matches!(asked.place, Place::Number(2..)) && told.nodes.is_empty();
    Ok(Some(told).filter(|_| !beyond))
}

/// The place behind the first so many plugins. Cursors know no numbers, so those before are walked through.
async fn skip(ask: &Ask, variables: &Variables, mut plugins: u32) -> Result<Option<String>, Problem> {
    if plugins > LIMITS.skipped_max {
        let why = format!(
            "a page behind the first {} plugins is reached by the links from page to page",
            Count(u64::from(LIMITS.skipped_max))
        );
        return Err(Refusal::invalid("page", why).into());
    }
    let mut after = None;
    while plugins > 0 {
        let step = plugins.min(LIMITS.per_page_max);
        let variables = Variables { first: Some(i64::from(step)), after, ..variables.clone() };
        let told = ask.query::<Document>(variables).await?.plugins;
        if !told.page_info.has_next_page {
            return Ok(None);
        }
        after = told.page_info.end_cursor;
        plugins -= step;
    }
    Ok(after)
}

/// What is asked of the schema, from the beginning of the list.
fn variables(asked: &Asked, now: DateTime<Utc>) -> Variables {
    // The same for the whole day, so that its pages fit together.
    let since = now
        .date_naive()
        .checked_sub_days(Days::new(FRESH_DAYS))
        .map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let fixed = asked.base.fixed();
    let mut tags: Vec<String> = asked.tags.iter().map(ToString::to_string).collect();
    let mut author = asked.author.clone();
    match &asked.base {
        Base::Tag(tag) => tags.push(tag.to_string()),
        Base::Author(exactly) => author = Some(exactly.clone()),
        Base::Preset(_) => {}
    }
    let set = |flag: bool| flag.then_some(true);
    Variables {
        text: Some(asked.text.clone()).filter(|text| !text.is_empty()),
        tags: Some(tags).filter(|tags| !tags.is_empty()),
        author,
        owner: asked.user.clone(),
        qgis: asked.qgis.clone(),
        stable: set(asked.channel == Some(Channel::Stable)),
        experimental: set(asked.channel == Some(Channel::Experimental)),
        server: set(asked.flags.server),
        processing: set(asked.flags.processing),
        featured: set(asked.flags.featured),
        trusted: set(asked.flags.trusted),
        deprecated: asked.deprecated,
        new_qgis_ready: set(asked.flags.ready),
        license: asked.license.as_ref().map(ToString::to_string),
        created_since: since.filter(|_| fixed.since == Some(Since::Created)),
        updated_since: since.filter(|_| fixed.since == Some(Since::Updated)),
        order: order_of(asked.sorted()),
        direction: direction(asked),
        first: None,
        after: None,
        last: None,
        before: None,
    }
}

fn order_of(sort: Sort) -> list_page::PluginsBy {
    use list_page::PluginsBy as By;
    match sort {
        Sort::Relevance => By::RELEVANCE,
        Sort::Updated => By::UPDATED,
        Sort::Created => By::CREATED,
        Sort::Downloads => By::DOWNLOADS,
        Sort::Recent => By::DOWNLOADS_30_DAYS,
        Sort::Popular => By::POPULAR,
        Sort::Rating => By::RATING,
        Sort::Votes => By::VOTES,
        Sort::Name => By::NAME,
    }
}

/// From which end, if not as usual.
fn direction(asked: &Asked) -> Option<list_page::Direction> {
    use list_page::Direction;
    asked.reversed.then_some(if asked.sorted().falls() { Direction::ASC } else { Direction::DESC })
}

impl ListPage {
    fn of(frame: Frame, asked: Asked, told: ListPagePlugins) -> Self {
        let alike = told.nodes.first().is_some_and(|best| looks_alike(&asked.text, best));
        let cards = told.nodes.into_iter().map(|node| Card::from((&frame, node.card))).collect();
        let info = told.page_info;
        let address = |cursor: Option<String>, there: bool, place: fn(String) -> Place| {
            cursor.filter(|_| there).map(|cursor| asked.address(&frame, &place(cursor)))
        };
        let previous = address(info.start_cursor, info.has_previous_page, Place::Before);
        let next = address(info.end_cursor, info.has_next_page, Place::After);
        let page = Self::empty(frame, asked);
        Self { total: Count(told.total_count), cards, previous, next, alike, ..page }
    }

    fn empty(frame: Frame, asked: Asked) -> Self {
        Self {
            meta: meta(&frame, &asked),
            heading: asked.base.heading(),
            lede: asked.base.lede(),
            chips: asked.chips(&frame),
            total: Count(0),
            cards: Vec::new(),
            licenses: Vec::new(),
            previous: None,
            next: None,
            alike: false,
            problem: None,
            asked,
            frame,
        }
    }

    /// The address of the list from its beginning.
    fn first_page(&self) -> String {
        self.asked.address(&self.frame, &Place::Number(1))
    }

    /// How many filters of the form are set, besides the search.
    fn filters(&self) -> usize {
        self.chips.len() - usize::from(!self.asked.text.is_empty()) - usize::from(!self.asked.base.is(""))
    }
}

/// Whether this is not what was looked for, but is called nearly so.
fn looks_alike(search: &str, best: &list_page::ListPagePluginsNodes) -> bool {
    let author = [
        best.of_stable.as_ref().and_then(|version| version.author.as_deref()),
        best.of_experimental.as_ref().and_then(|version| version.author.as_deref()),
    ];
    let found = Told {
        texts: [&best.card.name, &best.card.package, &best.card.description],
        tags: &best.tags,
        rest: [best.about.as_deref(), author[0], author[1]],
    };
    only_looks_alike(search, &found)
}

/// The list itself is for search engines; what readers narrow it to is not.
fn meta(frame: &Frame, asked: &Asked) -> Meta {
    let mut meta = Meta::of(frame, &asked.base.path(), asked.base.heading(), &asked.base.lede());
    let whole = Asked::of(asked.base.clone());
    meta.unlisted = *asked != whole;
    if asked.base.is("") {
        meta.atom = Some(("New versions of all plugins".to_owned(), format!("{}/atom.xml", frame.base)));
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn list(query: &str, cards: Vec<Card>) -> ListPage {
        let asked = Asked::read(Base::all(), query).unwrap();
        let total = Count(cards.len() as u64);
        ListPage { total, cards, ..ListPage::empty(testing::frame(Part::Plugins), asked) }
    }

    #[test]
    fn nothing_found_and_nothing_there_are_told_apart() {
        let html = list("q=lasso", vec![]).render().unwrap();
        assert!(html.contains("Nothing matches") && html.contains("value=\"lasso\""), "{html}");
        let html = list("", vec![]).render().unwrap();
        assert!(html.contains("No plugin is published yet"), "{html}");
    }

    #[test]
    fn texts_of_plugins_and_readers_do_nothing() {
        let hostile = crate::frame::path_part(HOSTILE);
        let query = format!("q={hostile}&author={hostile}&user={hostile}&qgis={hostile}&tag=3d");
        let mut page = list(&query, vec![testing::card(HOSTILE)]);
        page.problem = Some(HOSTILE.into());
        page.alike = true;
        let html = page.render().unwrap();
        assert!(html.contains("1 plugin<"), "{html}");
        testing::is_tame(&html);
        let asked = Asked::of(Base::Author(HOSTILE.into()));
        testing::is_tame(&ListPage::empty(testing::frame(Part::Plugins), asked).render().unwrap());
    }

    #[test]
    fn a_filter_that_cannot_be_is_told_where_it_was_written() {
        let mut page = list("qgis=three", vec![]);
        page.problem = Some("This is no QGIS version.".into());
        let html = page.render().unwrap();
        assert!(html.contains("value=\"three\"") && html.contains("role=\"alert\""), "{html}");
    }

    #[test]
    fn search_engines_are_told_of_whole_lists_only() {
        assert!(!list("", vec![]).render().unwrap().contains("noindex"));
        assert!(list("q=map", vec![]).render().unwrap().contains("noindex"));
        let server = PRESETS.iter().find(|preset| preset.word == "server").unwrap();
        let asked = Asked::of(Base::Preset(server));
        let html = ListPage::empty(testing::frame(Part::Plugins), asked).render().unwrap();
        assert!(
            html.contains("rel=\"canonical\" href=\"https://example.org/qgis/plugins/server/\""),
            "{html}"
        );
        assert!(!html.contains("noindex"), "{html}");
    }

    #[test]
    fn a_licence_is_chosen_of_those_that_there_are_or_stays_what_was_asked() {
        let told = |name: &str| ListLicensesLicensesNodes {
            name: name.into(),
            full_name: Some("MIT License".into()).filter(|_| name == "MIT"),
            plugin_count: 1_234,
        };
        let shown = |query: &str| {
            let mut page = list(query, vec![]);
            page.licenses = choices(vec![told("MIT"), told(HOSTILE)], page.asked.license.as_ref());
            let html = page.render().unwrap();
            testing::is_tame(&html);
            html
        };
        let html = shown("license=mit");
        assert!(
            html.contains("<option value=\"MIT\" selected>MIT, MIT License (1\u{202f}234)</option>"),
            "{html}"
        );
        assert!(html.contains("Without: </span>licence MIT"), "{html}");
        let html = shown("license=isc");
        assert!(html.contains("<option value=\"ISC\" selected>ISC</option>"), "{html}");
        assert!(!shown("").contains("<option value=\"MIT\" selected>"));
        assert!(!list("", vec![]).render().unwrap().contains("name=\"license\""), "nothing to choose from");
    }

    #[test]
    fn fresh_is_counted_in_whole_days() {
        let fresh = PRESETS.iter().find(|preset| preset.word == "fresh").unwrap();
        let asked = Asked::of(Base::Preset(fresh));
        let variables = variables(&asked, "2026-03-31T15:16:17Z".parse().unwrap());
        assert_eq!(variables.created_since.unwrap().to_rfc3339(), "2026-03-01T00:00:00+00:00");
        assert_eq!(variables.deprecated, Some(false));
        assert!(variables.updated_since.is_none());
    }
}
