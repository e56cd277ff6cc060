//! `/plugins/<package>/versions/`: all versions of one's own plugin, what became of each, and what can be done with it.

use super::mine::Mark;
use super::private;
use super::side::{Menu, Side, ours, side_of};
use crate::ask::Ask;
use crate::coded::Coded;
use crate::documents::{VersionsPage as Question, versions_page};
use crate::frame::{Frame, Part};
use crate::pages::second_factor::me::Me;
use crate::text::{Bytes, Count, Day};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;

/// The most versions on the page; plugins with more are rare, and older ones are reached by their own pages.
const VERSIONS_SHOWN: i64 = 100;

side_of!(versions_page);

#[derive(Template)]
#[template(path = "author/versions.html")]
struct VersionsPage {
    frame: Frame,
    side: Side,
    versions: Vec<Row>,
    /// There are more than are shown.
    cut: bool,
}

/// A version.
struct Row {
    number: String,
    mark: Mark,
    /// It is public, so its file stays and feeds may offer it.
    approved: bool,
    experimental: bool,
    pinned: bool,
    /// Why it was yanked or refused.
    reason: Option<String>,
    qgis: String,
    uploaded_at: Day,
    downloads: Count,
    size: Bytes,
    /// What the author should know: what it means and how to mend it.
    warnings: Vec<(Coded, Option<Coded>)>,
}

impl Row {
    fn warnings_told(&self) -> String {
        Count(self.warnings.len() as u64).of("warning")
    }
}

pub(super) async fn show(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let variables = versions_page::Variables { package: package.clone(), first: VERSIONS_SHOWN };
    let told = ask.query::<Question>(variables).await?;
    let plugin = ours(told.plugin, |plugin| &plugin.side, &package)?;
    let frame = ask.frame(Part::Publish);
    let versions: Vec<Row> = plugin.versions.into_iter().map(Row::from).collect();
    let page = VersionsPage {
        side: Side::from((&frame, plugin.side, Menu::Versions)),
        cut: i64::try_from(versions.len()).is_ok_and(|shown| shown >= VERSIONS_SHOWN),
        versions,
        frame,
    };
    Ok(private(StatusCode::OK, &page))
}

impl From<versions_page::VersionsPagePluginVersions> for Row {
    fn from(told: versions_page::VersionsPagePluginVersions) -> Self {
        let (refused, asked) = (told.refused_reason.is_some(), told.review_asked == Some(true));
        let warning = |warning: versions_page::VersionsPagePluginVersionsWarnings| {
            (Coded::from(warning.meaning.unwrap_or(warning.code)), warning.mend.map(Coded::from))
        };
        Self {
            mark: Mark::of(told.approved, told.yanked, refused, asked),
            number: told.number,
            approved: told.approved,
            experimental: told.experimental,
            pinned: told.pinned,
            reason: told.yanked_reason.or(told.refused_reason),
            qgis: format!("{} – {}", told.qgis_min, told.qgis_max),
            uploaded_at: Day(told.uploaded_at),
            downloads: Count(told.downloads),
            size: Bytes(told.size_bytes),
            warnings: told.warnings.into_iter().map(warning).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::side::lasso;
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn row(mark: Mark, approved: bool) -> Row {
        Row {
            number: HOSTILE.into(),
            mark,
            approved,
            experimental: true,
            pinned: true,
            reason: Some(HOSTILE.into()),
            qgis: "3.28 – 3.99".into(),
            uploaded_at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
            downloads: Count(3),
            size: Bytes(183_000),
            warnings: vec![(HOSTILE.into(), Some(HOSTILE.into())), (HOSTILE.into(), None)],
        }
    }

    fn page(versions: Vec<Row>) -> String {
        let side = Side { deleted: None, ..lasso(Menu::Versions) };
        VersionsPage { frame: testing::frame(Part::Publish), side, versions, cut: true }.render().unwrap()
    }

    #[test]
    fn numbers_and_reasons_do_nothing() {
        testing::is_tame(&page(vec![
            row(Mark::Public, true),
            row(Mark::Refused, false),
            row(Mark::Yanked, true),
        ]));
    }

    #[test]
    fn each_version_offers_what_can_be_done_with_it() {
        let (public, waiting) = (page(vec![row(Mark::Public, true)]), page(vec![row(Mark::Waiting, false)]));
        assert!(public.contains("/yank/\"") && !public.contains("/update/\">Replace"), "{public}");
        assert!(!waiting.contains("/yank/\"") && waiting.contains("/update/\">Replace"), "{waiting}");
        assert!(page(vec![row(Mark::Yanked, true)]).contains("/unyank/\""));
    }

    #[test]
    fn a_plugin_without_versions_says_how_to_add_one() {
        assert!(page(vec![]).contains("/qgis/plugins/lasso/version/add/"));
    }
}
