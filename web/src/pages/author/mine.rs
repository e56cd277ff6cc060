//! `/plugins/my/`: one's own plugins whatever their state, and what waits for oneself.

use super::private;
use crate::ask::Ask;
use crate::chart::Sparkline;
use crate::documents::{MyPlugins as Question, my_plugins};
use crate::frame::{Frame, Part};
use crate::pages::second_factor::me::Me;
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

/// How many plugins a page shows.
const PLUGINS_SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "author/mine.html")]
struct MinePage {
    frame: Frame,
    plugins: Vec<Mine>,
    total: Count,
    next: Option<String>,
    /// Where later pages begin; the first one greets who has no plugin.
    first_page: bool,
    trusted: bool,
    confirmed: bool,
    teams: Vec<String>,
    /// The plugins one is asked to own.
    invitations: Vec<String>,
}

/// One's own plugin.
struct Mine {
    package: String,
    name: String,
    initial: String,
    icon: Option<String>,
    description: String,
    downloads: Count,
    recent: Count,
    /// Day by day.
    line: Sparkline,
    state: State,
    deprecated: bool,
    versions: Vec<Row>,
}

/// What matters first of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Lists and feeds have it.
    Public,
    /// Nothing of it is public yet.
    Waiting,
    /// It can be restored until then; or it is gone.
    Deleted(Option<Day>),
    /// It was public, and all of it is yanked or withdrawn.
    Unlisted,
}

/// One of its newest versions.
struct Row {
    number: String,
    uploaded_at: Day,
    mark: Mark,
    experimental: bool,
    refused: Option<String>,
    warnings: Count,
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is public.
    Public,
    /// It is public, and staff look at it again.
    LookedAtAgain,
    /// It waits for review.
    Waiting,
    /// Review said no.
    Refused,
    /// It is public, and offered no more.
    Yanked,
}

impl Mark {
    #[expect(
        clippy::fn_params_excessive_bools,
        reason = "each is a field of the version, in the order of the schema"
    )]
    pub(super) fn of(approved: bool, yanked: bool, refused: bool, review_asked: bool) -> Self {
        match (approved, yanked) {
            (_, true) => Self::Yanked,
            (true, false) if review_asked => Self::LookedAtAgain,
            (true, false) => Self::Public,
            (false, false) if refused => Self::Refused,
            (false, false) => Self::Waiting,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::LookedAtAgain => "public, looked at again",
            Self::Waiting => "waits for review",
            Self::Refused => "refused",
            Self::Yanked => "yanked",
        }
    }

    pub(super) fn is_good(self) -> bool {
        self == Self::Public
    }
}

/// Where the page begins.
#[derive(Deserialize)]
pub(super) struct Place {
    after: Option<String>,
}

pub(super) async fn show(ask: Ask, me: Me, Query(place): Query<Place>) -> Result<Response, Problem> {
    let first_page = place.after.is_none();
    let variables =
        my_plugins::Variables { owner: me.account.to_string(), first: PLUGINS_SHOWN, after: place.after };
    let told = ask.query::<Question>(variables).await?;
    let frame = ask.frame(Part::Publish);
    let info = told.plugins.page_info;
    let (trusted, confirmed, teams, invitations) = match told.me {
        Some(me) => (
            me.trusted,
            me.email_confirmed == Some(true),
            me.teams.into_iter().map(|team| team.name).collect(),
            me.invitations.nodes.into_iter().map(|invitation| invitation.package).collect(),
        ),
        None => (false, true, Vec::new(), Vec::new()),
    };
    let page = MinePage {
        plugins: told.plugins.nodes.into_iter().map(|node| mine(&frame, node)).collect(),
        total: Count(told.plugins.total_count),
        next: info.end_cursor.filter(|_| info.has_next_page),
        first_page,
        trusted,
        confirmed,
        teams,
        invitations,
        frame,
    };
    Ok(private(StatusCode::OK, &page))
}

fn mine(frame: &Frame, told: my_plugins::MyPluginsPluginsNodes) -> Mine {
    let first = told.name.chars().find(|c| c.is_alphanumeric());
    let was_public = told.versions.iter().any(|version| version.approved);
    Mine {
        initial: first.map(|c| c.to_uppercase().to_string()).unwrap_or_default(),
        icon: told.icon_url.as_deref().map(|address| frame.local(address)),
        state: match (told.deletion, told.listed) {
            (Some(deletion), _) => State::Deleted(deletion.restorable_until.map(Day)),
            (None, true) => State::Public,
            (None, false) if was_public => State::Unlisted,
            (None, false) => State::Waiting,
        },
        deprecated: told.deprecated,
        downloads: Count(told.downloads),
        recent: Count(told.downloads_last30_days),
        line: Sparkline::new("Downloads in 30 days", &told.recent_downloads),
        versions: told.versions.into_iter().map(row).collect(),
        package: told.package,
        name: told.name,
        description: told.description,
    }
}

fn row(told: my_plugins::MyPluginsPluginsNodesVersions) -> Row {
    let (refused, asked) = (told.refused_reason.is_some(), told.review_asked == Some(true));
    Row {
        mark: Mark::of(told.approved, told.yanked, refused, asked),
        number: told.number,
        uploaded_at: Day(told.uploaded_at),
        experimental: told.experimental,
        refused: told.refused_reason,
        warnings: Count(told.warnings.len() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(plugins: Vec<Mine>) -> MinePage {
        MinePage {
            frame: testing::frame(Part::Publish),
            total: Count(plugins.len() as u64),
            plugins,
            next: Some(HOSTILE.into()),
            first_page: true,
            trusted: false,
            confirmed: false,
            teams: vec![HOSTILE.into()],
            invitations: vec!["rope".into()],
        }
    }

    fn plugin(state: State) -> Mine {
        Mine {
            package: "lasso".into(),
            name: HOSTILE.into(),
            initial: "<".into(),
            icon: Some("/qgis/icons/00.png".into()),
            description: HOSTILE.into(),
            downloads: Count(12),
            recent: Count(3),
            line: Sparkline::new(HOSTILE, &[0, 1, 2]),
            state,
            deprecated: true,
            versions: vec![Row {
                number: HOSTILE.into(),
                uploaded_at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
                mark: Mark::Refused,
                experimental: true,
                refused: Some(HOSTILE.into()),
                warnings: Count(2),
            }],
        }
    }

    #[test]
    fn texts_of_authors_do_nothing_in_any_state() {
        let day = Day("2026-03-04T05:06:07Z".parse().unwrap());
        for state in
            [State::Public, State::Waiting, State::Unlisted, State::Deleted(Some(day)), State::Deleted(None)]
        {
            let html = page(vec![plugin(state)]).render().unwrap();
            testing::is_tame(&html);
            assert!(html.contains("/qgis/account/invitations/"), "{html}");
        }
    }

    #[test]
    fn who_has_no_plugin_is_taught_how_to_get_one() {
        let html = page(vec![]).render().unwrap();
        assert!(html.contains("/qgis/plugins/add/") && html.contains("metadata.txt"), "{html}");
    }

    #[test]
    fn a_deleted_plugin_offers_to_be_restored_while_it_can_be() {
        let day = Day("2026-03-04T05:06:07Z".parse().unwrap());
        let html = page(vec![plugin(State::Deleted(Some(day)))]).render().unwrap();
        assert!(html.contains("/qgis/plugins/lasso/restore/") && html.contains("4 Mar 2026"), "{html}");
        let html = page(vec![plugin(State::Deleted(None))]).render().unwrap();
        assert!(!html.contains("/qgis/plugins/lasso/restore/"), "{html}");
    }

    #[test]
    fn the_mark_of_a_version_is_what_matters_most() {
        assert_eq!(Mark::of(true, true, true, true), Mark::Yanked);
        assert_eq!(Mark::of(true, false, true, true), Mark::LookedAtAgain);
        assert_eq!(Mark::of(true, false, false, false), Mark::Public);
        assert_eq!(Mark::of(false, false, true, false), Mark::Refused);
        assert_eq!(Mark::of(false, false, false, true), Mark::Waiting);
    }
}
