//! `/plugins/<package>/version/<version>/`: one version. QGIS links here.

mod changes;
mod files;

use super::plugin::{Check, Happened, Published, happened_of, page_of};
use crate::ask::Ask;
use crate::card::{Card, VersionRow, card_of, version_row_of};
use crate::coded::Coded;
use crate::documents::version_page::VersionPagePlugin as Told;
use crate::documents::{VersionPage as Document, version_page};
use crate::frame::{Frame, Part};
use crate::license::Licensed;
use crate::markdown::Rich;
use crate::meta::Meta;
use crate::notice::Notice;
use crate::text::{Bytes, Count, Day};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use cairn_domain::version_number::VersionNumber;
use changes::{Changes, short};
use files::{FILES_SHOWN, Step, tree};

#[derive(Template)]
#[template(path = "version.html")]
struct VersionPage {
    frame: Frame,
    meta: Meta,
    package: String,
    card: Card,
    notices: Vec<Notice>,
    version: VersionRow,
    /// None of its sort on offer has a higher number.
    newest: bool,
    published: Published,
    /// When its file was replaced, before it was public.
    replaced_at: Option<Day>,
    author: Option<String>,
    license: Option<Licensed>,
    changelog: Option<Rich>,
    plugin_dependencies: Option<String>,
    external_dependencies: Option<String>,
    checks: Vec<Check>,
    changes: Option<Changes>,
    files: Vec<Step>,
    files_count: Count,
    unpacked: Bytes,
    /// What its metadata.txt says, key by key.
    metadata: Vec<(String, String)>,
    /// What happened to this version, the newest first.
    history: Vec<Happened>,
    /// Whoever looks may change it or review it.
    manages: bool,
    /// Only the plugin's owners and staff see it.
    hidden: bool,
}

card_of!(version_page);
version_row_of!(version_page);
happened_of!(version_page);

pub(super) async fn show(
    ask: Ask,
    Path((package, version)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let variables = version_page::Variables { package: package.clone(), version: version.clone() };
    let told = ask.query::<Document>(variables).await?;
    let page = told.plugin.and_then(|plugin| VersionPage::of(ask.frame(Part::Plugins), plugin));
    let page = page.ok_or(Refusal::VersionUnknown { package, version })?;
    Ok(page_of(&page, page.hidden))
}

impl VersionPage {
    /// None if the plugin has no such version.
    fn of(frame: Frame, mut plugin: Told) -> Option<Self> {
        let told = plugin.version.take()?;
        let offered =
            [plugin.newest_stable.map(|it| it.number), plugin.newest_experimental.map(|it| it.number)];
        let package = plugin.card.package.clone();
        let card = Card::from((&frame, plugin.card));
        let version = VersionRow::from((&frame, package.as_str(), told.version_row));
        let hidden = plugin.deletion.is_some() || !version.public;
        let deleted = plugin.deletion.map(|it| Notice::deleted(it.restorable_until.map(Day), it.reason));
        let deprecated =
            plugin.deprecation.map(|it| Notice::deprecated(&frame, it.successor.as_deref(), it.reason));
        let yanked = version.yanked.then(|| Notice::yanked(told.yanked_reason));
        let waiting =
            (!version.public).then(|| told.why_refused.map_or_else(Notice::waiting, Notice::refused));
        let (plugin_dependencies, external_dependencies) = told
            .details
            .map_or((None, None), |details| (details.plugin_dependencies, details.external_dependencies));
        Some(Self {
            meta: meta(&frame, &card, &package, &version),
            notices: waiting.into_iter().chain(yanked).chain(deleted).chain(deprecated).collect(),
            newest: is_newest(&version, offered),
            published: Published {
                summary: told.published_by.summary,
                account: told.published_by.account.and_then(|account| account.name),
                commit: told.published_by.commit,
            },
            changes: told.changes.map(|changes| Changes::of(&frame, &package, changes)),
            files_count: Count(told.files.count),
            unpacked: Bytes(told.files.unpacked_bytes),
            files: tree(told.files.files.into_iter().map(|file| (file.path, file.size_bytes))),
            metadata: told.metadata.into_iter().map(|entry| (entry.key, short(&entry.value))).collect(),
            history: plugin
                .history
                .nodes
                .into_iter()
                .filter(|line| line.version.as_deref() == Some(version.number.as_str()))
                .map(Happened::from)
                .collect(),
            replaced_at: told.replaced_at.map(Day),
            author: told.author,
            license: told.license.map(|license| Licensed::of(&frame, license)),
            changelog: told.changelog.as_deref().and_then(Rich::of),
            plugin_dependencies,
            external_dependencies,
            checks: told.findings.into_iter().map(check).collect(),
            manages: plugin.waiting_versions.is_some(),
            version,
            card,
            package,
            hidden,
            frame,
        })
    }
}

impl VersionPage {
    /// Whether the package has files that are not shown.
    fn more_files(&self) -> bool {
        self.files_count.0 > FILES_SHOWN as u64
    }
}

/// With its place, for those who are told it.
fn check(told: version_page::VersionPagePluginVersionFindings) -> Check {
    let line = told.line.map(|line| format!(" line {line}")).unwrap_or_default();
    let key = told.key.map(|key| format!(" {key}=")).unwrap_or_default();
    let place = told.entry.map(|entry| format!("{entry}{line}{key}"));
    Check { message: Coded::sentence(&told.message), place, hint: Some(Coded::sentence(&told.mend)) }
}

fn meta(frame: &Frame, card: &Card, package: &str, version: &VersionRow) -> Meta {
    let title = format!("{} {}", card.name, version.number);
    let about = format!("Version {} of {} for QGIS {}.", version.number, card.name, version.qgis);
    let path = format!("/plugins/{package}/version/{}/", crate::frame::path_part(&version.number));
    let mut meta = Meta::of(frame, &path, title, &about);
    // Search engines should show the page of the plugin.
    meta.unlisted = true;
    meta
}

/// Whether QGIS would offer no later one: a stable version is followed by stable ones only.
fn is_newest(version: &VersionRow, [stable, experimental]: [Option<String>; 2]) -> bool {
    let Ok(own) = version.number.parse::<VersionNumber>() else { return true };
    let later = stable.into_iter().chain(experimental.filter(|_| version.experimental));
    later.filter_map(|number| number.parse::<VersionNumber>().ok()).all(|number| number <= own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(yanked: bool) -> VersionPage {
        let text = || Some(HOSTILE.to_owned());
        let frame = testing::frame(Part::Plugins);
        let version = VersionRow { yanked, ..testing::version_row(HOSTILE) };
        let card = testing::card(HOSTILE);
        VersionPage {
            meta: meta(&frame, &card, "lasso", &version),
            package: "lasso".into(),
            notices: testing::notices(),
            version,
            newest: false,
            published: Published { summary: HOSTILE.into(), account: text(), commit: text() },
            changes: Some(Changes {
                base: HOSTILE.into(),
                href: "/qgis/plugins/lasso/version/1.0/".into(),
                values: vec![changes::Value { name: HOSTILE.into(), before: text(), after: None }],
                files: vec![changes::Files {
                    heading: HOSTILE.into(),
                    named: vec![(HOSTILE.into(), HOSTILE.into())],
                    more: 2,
                }],
            }),
            files: tree([(format!("lasso/{HOSTILE}"), 3), (format!("{HOSTILE}/x"), 3)]),
            files_count: Count(2),
            unpacked: Bytes(6),
            metadata: vec![(HOSTILE.into(), HOSTILE.into())],
            history: vec![Happened {
                at: card.updated_at,
                summary: HOSTILE.into(),
                who: HOSTILE.into(),
                by_token: true,
                reason: text(),
                position: 7,
            }],
            replaced_at: Some(card.updated_at),
            author: text(),
            license: Some(Licensed::of(&frame, HOSTILE.into())),
            changelog: Rich::of(HOSTILE),
            plugin_dependencies: text(),
            external_dependencies: text(),
            checks: vec![
                Check::of("a_code_of_tomorrow".into(), None, None),
                Check::of(HOSTILE.into(), text(), text()),
            ],
            manages: true,
            hidden: false,
            card,
            frame,
        }
    }

    #[test]
    fn texts_of_authors_do_nothing() {
        let html = page(false).render().unwrap();
        assert!(html.contains("there is a newer version") && html.contains("a_code_of_tomorrow"), "{html}");
        testing::is_tame(&html);
        let html = page(true).render().unwrap();
        assert!(!html.contains("there is a newer version") && html.contains(">yanked<"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn a_stable_version_is_followed_by_stable_ones_only() {
        let row = |number: &str, experimental| VersionRow { experimental, ..testing::version_row(number) };
        let offered = || [Some("1.10".to_owned()), Some("2.0".to_owned())];
        assert!(is_newest(&row("1.10", false), offered()));
        assert!(!is_newest(&row("1.9", false), offered()));
        assert!(!is_newest(&row("1.10", true), offered()));
        assert!(is_newest(&row("2.0", true), offered()));
    }
}
