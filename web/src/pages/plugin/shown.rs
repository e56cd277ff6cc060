//! What the page of a plugin shows, made of what the document tells.

use super::{Happened, Published, happened_of};
use crate::card::{Card, VersionRow, card_of, version_row_of};
use crate::chart::{Bars, Beat, Series, spread};
use crate::coded::Coded;
use crate::documents::plugin_page::{self, Newest, PluginPagePlugin as Told};
use crate::frame::Frame;
use crate::license::Licensed;
use crate::markdown::Rich;
use crate::meta::Meta;
use crate::notice::Notice;
use crate::text::{Count, Day};
use askama::Template;
use serde_json::{Value, json};

/// How many QGIS versions the chart shows one by one.
const QGIS_SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "plugin.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own on the page")]
pub(super) struct PluginPage {
    pub(super) frame: Frame,
    pub(super) meta: Meta,
    pub(super) package: String,
    pub(super) card: Card,
    pub(super) notices: Vec<Notice>,
    pub(super) about: Option<Rich>,
    /// The version that most readers should take: its author, changelog and checks are shown.
    pub(super) newest: Option<String>,
    pub(super) changelog: Option<Rich>,
    pub(super) author: Option<String>,
    pub(super) maintainer: Option<String>,
    pub(super) creator: Option<String>,
    pub(super) owners: Vec<Owner>,
    pub(super) teams: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) rating: Option<String>,
    pub(super) category: Option<String>,
    pub(super) plugin_dependencies: Option<String>,
    pub(super) external_dependencies: Option<String>,
    pub(super) previous_names: Vec<(String, Day)>,
    pub(super) created_at: Day,
    pub(super) server: bool,
    pub(super) processing: bool,
    pub(super) license: Option<Licensed>,
    pub(super) links: Vec<Link>,
    pub(super) versions: Vec<VersionRow>,
    pub(super) checks: Vec<Check>,
    /// Downloads in the last 30 days.
    pub(super) recently: Count,
    pub(super) published: Option<Published>,
    pub(super) beat: Beat,
    pub(super) downloads: Series,
    pub(super) by_qgis: Bars,
    /// The newest first.
    pub(super) history: Vec<Happened>,
    /// More happened than is shown.
    pub(super) older: bool,
    /// Whoever looks may change it or review it.
    pub(super) manages: bool,
    /// Only its owners and staff see it.
    pub(super) hidden: bool,
    /// Why a vote was refused.
    pub(super) problem: Option<String>,
}

/// An account that owns the plugin.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) name: String,
    /// Its uploads need no review.
    pub(super) trusted: bool,
}

/// A place outside that the author names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) label: &'static str,
    pub(super) address: String,
}

impl Link {
    /// The address between its slashes, without what all addresses have.
    fn parts(&self) -> impl Iterator<Item = &str> {
        let plain = self.address.split_once("://").map_or(self.address.as_str(), |(_, plain)| plain);
        plain.trim_end_matches('/').split('/')
    }
}

/// Something that the inspection of a version noticed.
#[derive(Debug, Clone)]
pub(in crate::pages) struct Check {
    pub(in crate::pages) message: Coded,
    /// The file, line or key.
    pub(in crate::pages) place: Option<String>,
    /// How to mend it.
    pub(in crate::pages) hint: Option<Coded>,
}

card_of!(plugin_page);
version_row_of!(plugin_page);
happened_of!(plugin_page);

impl PluginPage {
    pub(super) fn of(frame: Frame, told: Told, beat: Beat) -> Self {
        let newest =
            told.newest_stable.or(told.newest_experimental).or_else(|| told.newest.into_iter().next());
        let Newest { number, author, changelog, warnings } = match newest {
            Some(newest) => newest,
            None => Newest { number: String::new(), author: None, changelog: None, warnings: Vec::new() },
        };
        let package = told.card.package.clone();
        let card = Card::from((&frame, told.card));
        let versions: Vec<VersionRow> =
            told.versions.into_iter().map(|row| VersionRow::from((&frame, package.as_str(), row))).collect();
        let public = versions.iter().any(|version| version.public);
        let deletion = told.deletion.map(|it| Notice::deleted(it.restorable_until.map(Day), it.reason));
        let hidden = deletion.is_some() || !public;
        let unpublished = (deletion.is_none() && !public)
            .then(|| Notice::unpublished(told.waiting_versions.unwrap_or_default()));
        let deprecation =
            told.deprecation.map(|it| Notice::deprecated(&frame, it.successor.as_deref(), it.reason));
        let (downloads, by_qgis) = charts(told.statistics, beat);
        let license = told.license.map(|license| Licensed::of(&frame, license));
        let links = links(told.homepage, told.tracker, told.repository);
        let mut meta = meta(&frame, &package, &card);
        meta.unlisted = hidden;
        let average = told.rating.average;
        let meta = meta.about(&thing(
            &frame,
            &card,
            &package,
            &Facts {
                version: &number,
                author: author.as_deref(),
                votes: told.rating.votes,
                average,
                homepage: links.first(),
                license: license.as_ref(),
            },
        ));
        Self {
            notices: deletion.into_iter().chain(unpublished).chain(deprecation).collect(),
            meta,
            about: told.about.as_deref().and_then(Rich::of),
            newest: Some(number).filter(|number| !number.is_empty()),
            changelog: changelog.as_deref().and_then(Rich::of),
            author,
            maintainer: told.maintainer.and_then(|account| account.name),
            creator: told.creator.and_then(|account| account.name),
            owners: owners(told.owners),
            teams: told.teams.into_iter().map(|team| team.name).collect(),
            tags: told.tags,
            rating: rating(told.rating.votes, average),
            category: told.category,
            plugin_dependencies: told.plugin_dependencies,
            external_dependencies: told.external_dependencies,
            previous_names: told.previous_names.into_iter().map(|was| (was.name, Day(was.until))).collect(),
            created_at: Day(told.created_at),
            server: told.server,
            processing: told.has_processing_provider,
            license,
            checks: warnings.into_iter().map(|it| Check::of(it.code, it.meaning, it.mend)).collect(),
            recently: Count(told.downloads_last30_days),
            published: told.published_by.map(|by| Published {
                summary: by.summary,
                account: by.account.and_then(|account| account.name),
                commit: by.commit,
            }),
            older: told.history.page_info.has_next_page,
            history: told.history.nodes.into_iter().map(Happened::from).collect(),
            manages: told.waiting_versions.is_some(),
            problem: None,
            beat,
            downloads,
            by_qgis,
            links,
            versions,
            hidden,
            card,
            package,
            frame,
        }
    }
}

impl PluginPage {
    /// Whether downloads are added up by this.
    fn is_by(&self, word: &str) -> bool {
        word == match self.beat {
            Beat::Day => "day",
            Beat::Week => "week",
            Beat::Month => "month",
        }
    }

    /// `2 notes`.
    fn notes(&self) -> String {
        Count(self.checks.len() as u64).of("note")
    }
}

impl Check {
    /// A code that this program does not know stands for itself.
    pub(in crate::pages) fn of(code: String, meaning: Option<String>, mend: Option<String>) -> Self {
        Self {
            message: meaning.map_or_else(|| code.into(), |meaning| Coded::sentence(&meaning)),
            place: None,
            hint: mend.map(|mend| Coded::sentence(&mend)),
        }
    }
}

/// Downloads over time, and by the QGIS that asked.
fn charts(told: plugin_page::PluginPagePluginStatistics, beat: Beat) -> (Series, Bars) {
    let starts = beat.starts(told.from, told.to);
    let counts = spread(&starts, told.downloads.into_iter().map(|part| (part.from, part.count)));
    let downloads =
        Series::new("downloads", "Over time", "download", beat, &starts, vec![("Downloads".into(), counts)]);
    let row = |one: plugin_page::PluginPagePluginStatisticsDownloadsByQgis| {
        (one.qgis.map_or_else(|| "Not told".to_owned(), |qgis| format!("QGIS {qgis}")), one.count)
    };
    let rows = told.downloads_by_qgis.into_iter().rev().map(row).collect();
    (downloads, Bars::new("by-qgis", "By QGIS version", "download", "QGIS version", rows, QGIS_SHOWN))
}

/// People who were forgotten have no name.
fn owners(told: Vec<plugin_page::PluginPagePluginOwners>) -> Vec<Owner> {
    let named =
        told.into_iter().filter_map(|owner| Some(Owner { name: owner.name?, trusted: owner.trusted }));
    let mut named: Vec<Owner> = named.collect();
    named.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    named
}

/// `4.3 of 5, 12 votes`; none while nobody voted.
fn rating(votes: u64, average: Option<f64>) -> Option<String> {
    average.map(|average| format!("{average:.1} of 5, {}", Count(votes).of("vote")))
}

/// Only addresses of the web become links: anything else might run when it is clicked.
fn links(homepage: Option<String>, tracker: Option<String>, repository: Option<String>) -> Vec<Link> {
    let told = [("Home page", homepage), ("Report a problem", tracker), ("Source code", repository)];
    told.into_iter().filter_map(|(label, address)| link(label, address?)).collect()
}

fn link(label: &'static str, address: String) -> Option<Link> {
    let web = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
    web.then_some(Link { label, address })
}

fn meta(frame: &Frame, package: &str, card: &Card) -> Meta {
    let line = card.description.clone().unwrap_or_else(|| format!("{} is a plugin for QGIS.", card.name));
    let mut meta = Meta::of(frame, &format!("/plugins/{package}/"), card.name.clone(), &line);
    meta.image = card.icon.as_deref().map(|icon| absolute(frame, icon));
    let feed = format!("{}/plugins/{package}/atom.xml", frame.base);
    meta.atom = Some((format!("New versions of {}", card.name), feed));
    meta
}

/// An address of this site with its host.
fn absolute(frame: &Frame, local: &str) -> String {
    format!("{}{}", frame.base, local.strip_prefix(&frame.root).unwrap_or(local))
}

/// What search engines are told besides the name.
struct Facts<'f> {
    version: &'f str,
    author: Option<&'f str>,
    votes: u64,
    average: Option<f64>,
    homepage: Option<&'f Link>,
    license: Option<&'f Licensed>,
}

/// The plugin in the words of schema.org.
fn thing(frame: &Frame, card: &Card, package: &str, facts: &Facts<'_>) -> Value {
    let mut thing = json!({
        "@context": "https://schema.org",
        "@type": "SoftwareApplication",
        "name": card.name,
        "url": format!("{}/plugins/{package}/", frame.base),
        "applicationCategory": "QGIS plugin",
        "operatingSystem": "QGIS",
        "offers": { "@type": "Offer", "price": 0, "priceCurrency": "EUR" },
        "dateModified": card.updated_at.instant(),
    });
    let optional = [
        ("description", card.description.as_deref().map(Value::from)),
        ("softwareVersion", Some(facts.version).filter(|version| !version.is_empty()).map(Value::from)),
        ("author", facts.author.map(|name| json!({ "@type": "Person", "name": name }))),
        ("image", card.icon.as_deref().map(|icon| absolute(frame, icon).into())),
        (
            "license",
            facts.license.map(|license| license.address.as_ref().unwrap_or(&license.name).clone().into()),
        ),
        ("sameAs", facts.homepage.map(|link| link.address.clone().into())),
        (
            "aggregateRating",
            facts.average.map(|average| {
                json!({ "@type": "AggregateRating", "ratingValue": average, "ratingCount": facts.votes })
            }),
        ),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            thing[key] = value;
        }
    }
    thing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};
    use crate::visitor::Visitor;

    fn hostile_page() -> PluginPage {
        let text = || Some(HOSTILE.to_owned());
        let frame = testing::frame(Part::Plugins);
        let card = testing::card(HOSTILE);
        let license = Licensed::of(&frame, HOSTILE.into());
        let facts = Facts {
            version: HOSTILE,
            author: Some(HOSTILE),
            votes: 2,
            average: Some(4.5),
            homepage: None,
            license: Some(&license),
        };
        PluginPage {
            meta: meta(&frame, "lasso", &card).about(&thing(&frame, &card, "lasso", &facts)),
            package: "lasso".into(),
            notices: testing::notices(),
            about: Rich::of(&format!("first line\nsecond line {HOSTILE}")),
            newest: text(),
            changelog: Rich::of(HOSTILE),
            author: text(),
            maintainer: text(),
            creator: text(),
            owners: vec![
                Owner { name: HOSTILE.into(), trusted: true },
                Owner { name: "bob".into(), trusted: false },
            ],
            teams: vec![HOSTILE.into()],
            tags: vec![HOSTILE.into()],
            rating: rating(2, Some(4.5)),
            category: text(),
            plugin_dependencies: text(),
            external_dependencies: text(),
            previous_names: vec![(HOSTILE.into(), card.updated_at)],
            created_at: card.updated_at,
            server: true,
            processing: true,
            license: Some(license.clone()),
            links: vec![Link { label: "Home page", address: format!("https://x/{HOSTILE}") }],
            versions: vec![testing::version_row(HOSTILE)],
            checks: vec![Check { message: HOSTILE.into(), place: text(), hint: text().map(Coded::from) }],
            recently: Count(3),
            published: Some(Published { summary: HOSTILE.into(), account: text(), commit: text() }),
            beat: Beat::Week,
            downloads: Series::new("downloads", "Downloads", "download", Beat::Week, &[], vec![]),
            by_qgis: Bars::new(
                "by-qgis",
                "By QGIS version",
                "download",
                "QGIS version",
                vec![(HOSTILE.into(), 3)],
                8,
            ),
            history: vec![Happened {
                at: card.updated_at,
                summary: HOSTILE.into(),
                who: HOSTILE.into(),
                by_token: true,
                reason: text(),
                position: 7,
            }],
            older: true,
            manages: true,
            hidden: false,
            problem: text(),
            card,
            frame,
        }
    }

    fn signed_in(staff: bool) -> PluginPage {
        let mut page = hostile_page();
        page.frame.visitor = Some(Visitor { name: HOSTILE.into(), staff });
        page
    }

    #[test]
    fn texts_of_authors_do_nothing() {
        for page in [hostile_page(), signed_in(false), signed_in(true)] {
            let html = page.render().unwrap();
            let (head, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
            let (json, rest) = rest.split_once("</script>").unwrap();
            assert!(!json.contains('<'), "{json}");
            testing::is_tame(&format!("{head}{rest}"));
        }
    }

    #[test]
    fn the_page_says_how_to_install_and_links_each_package() {
        let html = hostile_page().render().unwrap();
        assert!(html.contains("value=\"https://example.org/qgis/plugins/plugins.xml\""), "{html}");
        assert!(html.contains("href=\"/qgis/plugins/lasso/version/1.2.0/download/\""), "{html}");
        assert!(
            html.contains("3.28 – 3.99") && html.contains("183 kB") && html.contains("4.5 of 5, 2 votes"),
            "{html}"
        );
        assert!(html.contains("first line<br>\nsecond line"), "{html}");
        assert!(html.contains("<a href=\"/qgis/plugins/rope/\">"), "{html}");
        assert!(html.contains(">featured<") && html.contains(">yanked<"), "{html}");
    }

    #[test]
    fn a_vote_and_what_staff_may_do_are_offered_to_those_who_may() {
        let stranger = hostile_page().render().unwrap();
        assert!(!stranger.contains("/rate/") && !stranger.contains("/trust/"), "{stranger}");
        let author = signed_in(false).render().unwrap();
        assert!(author.contains("action=\"/qgis/plugins/lasso/rate/\"") && !author.contains("/trust/"));
        let staff = signed_in(true).render().unwrap();
        assert!(staff.contains("action=\"/qgis/plugins/user/bob/trust/\""), "{staff}");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(link("Home page", "javascript:alert(1)".into()), None);
        assert_eq!(link("Home page", " https://example.org".into()), None);
        assert_eq!(link("Home page", "https://example.org".into()).unwrap().address, "https://example.org");
    }

    #[test]
    fn a_rating_is_the_mean_of_all_votes() {
        assert_eq!(rating(0, None), None);
        assert_eq!(rating(1, Some(5.0)).as_deref(), Some("5.0 of 5, 1 vote"));
        assert_eq!(rating(3, Some(13.0 / 3.0)).as_deref(), Some("4.3 of 5, 3 votes"));
    }
}
