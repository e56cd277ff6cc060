//! `/plugins/add/<id>/`: what is in a package that was sent, what was found in it, what it changes, and what will happen;
//! its author's word publishes it.

use super::found::{Found, by_weight, found_of};
use super::{Trouble, private};
use crate::ask::{Ask, refused};
use crate::documents::{
    PublishStaged, ReplaceByStaged, StagedPage as Question, publish_staged, replace_by_staged, staged_page,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::license::in_words;
use crate::pages::second_factor::me::Me;
use crate::problem_page::sentence;
use crate::text::{Bytes, Count};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use cairn_api::graphql::Told;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use chrono::{DateTime, Utc};

found_of!(staged_page);

#[derive(Template)]
#[template(path = "author/review.html")]
struct ReviewPage {
    frame: Frame,
    id: String,
    until: DateTime<Utc>,
    package: String,
    number: String,
    name: String,
    initial: String,
    icon: Option<String>,
    description: String,
    /// What it becomes.
    becomes: Becomes,
    /// The version whose file it shall be.
    replaces: Option<String>,
    public: bool,
    trusted: bool,
    /// Why it cannot be taken any more.
    refusal: Option<String>,
    found: Vec<Found>,
    /// What the metadata says: label and text.
    facts: Vec<(&'static str, String)>,
    /// What differs from the newest version: label, before, after.
    changes: Vec<Change>,
    /// The version it is compared with.
    compared: Option<String>,
    changelog: Option<String>,
    size: Bytes,
    entries: Count,
    trouble: Trouble,
}

impl ReviewPage {
    fn warnings(&self) -> String {
        Count(self.found.len() as u64).of("warning")
    }
}

/// A package that can be taken becomes one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Becomes {
    Plugin,
    Version,
    Replacement,
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    label: &'static str,
    before: String,
    after: String,
}

pub(super) async fn show(ask: Ask, _me: Me, Path(staged): Path<String>) -> Result<Response, Problem> {
    let page = look(&ask, staged, Trouble::none()).await?;
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn publish(ask: Ask, _me: Me, Path(staged): Path<String>) -> Result<Response, Problem> {
    let seen = question(&ask, &staged).await?;
    let (package, number) = (seen.package.unwrap_or_default(), seen.number.unwrap_or_default());
    let (sha256, replaces) = (seen.sha256.unwrap_or_default(), seen.replaces);
    match word(&ask, staged.clone(), package.clone(), replaces).await {
        Ok((public, position)) => {
            let done = if public { Done::Published } else { Done::Uploaded };
            Ok(ask.go(&versions_path(&package), Some(done), position))
        }
        Err(problem) => {
            let refusal = refused(problem)?;
            // The button was pressed twice: the first time did it.
            let again = seen.plugin.is_some_and(|plugin| {
                plugin.versions.iter().any(|one| one.number == number && one.sha256 == sha256)
            });
            if again {
                return Ok(ask.go(&versions_path(&package), None, None));
            }
            let page = look(&ask, staged, Trouble::of("publish", refusal.into())?).await?;
            Ok(private(page.trouble.status(), &page))
        }
    }
}

/// Gives the author's word; answers whether the version is public, and how far to read to see it.
async fn word(
    ask: &Ask,
    staged: String,
    package: String,
    replaces: Option<String>,
) -> Result<(bool, Option<u64>), Problem> {
    let (file, staged, idempotency_key) = (None, Some(staged), None);
    if let Some(version) = replaces {
        let input =
            replace_by_staged::ReplaceVersionInput { file, idempotency_key, package, staged, version };
        let Told { data, position } =
            ask.deed::<ReplaceByStaged>(replace_by_staged::Variables { input }).await?;
        return Ok((data.replace_version.approved, position));
    }
    let package = Some(package);
    let input = publish_staged::UploadPluginInput { file, idempotency_key, package, staged };
    let Told { data, position } = ask.deed::<PublishStaged>(publish_staged::Variables { input }).await?;
    Ok((data.upload_plugin.approved, position))
}

fn versions_path(package: &str) -> String {
    format!("/plugins/{}/versions/", path_part(package))
}

type Seen = staged_page::StagedPageStagedPackage;

async fn question(ask: &Ask, id: &str) -> Result<Seen, Problem> {
    let told = ask.query::<Question>(staged_page::Variables { id: id.to_owned() }).await?;
    told.staged_package.ok_or_else(|| Refusal::StagedUnknown.into())
}

async fn look(ask: &Ask, id: String, trouble: Trouble) -> Result<ReviewPage, Problem> {
    let told = ask.query::<Question>(staged_page::Variables { id: id.clone() }).await?;
    let trusted = told.me.is_some_and(|me| me.trusted);
    let seen = told.staged_package.ok_or(Refusal::StagedUnknown)?;
    // Only what has no errors is kept.
    let details = seen.details.ok_or(Refusal::StagedUnknown)?;
    let (qgis_min, qgis_max) = (seen.qgis_min.unwrap_or_default(), seen.qgis_max.unwrap_or_default());
    let license = seen.license.as_deref();
    let mut facts = facts(&details, &range(&qgis_min, &qgis_max), license, seen.experimental == Some(true));
    let newest = seen.plugin.and_then(|plugin| plugin.versions.into_iter().next());
    let before = newest.as_ref().and_then(|newest| {
        let details = newest.details.as_ref()?;
        // That of an older version may not be known, which is no change.
        let license = newest.license.as_deref().or(license);
        Some(self::facts(details, &range(&newest.qgis_min, &newest.qgis_max), license, newest.experimental))
    });
    let changes = before.map(|before| changes(&before, &facts)).unwrap_or_default();
    if license.is_none() {
        facts.push(("Licence", "not recognized".to_owned()));
    }
    let first = details.name.chars().find(|c| c.is_alphanumeric());
    Ok(ReviewPage {
        frame: ask.frame(Part::Publish),
        id,
        until: seen.until.unwrap_or_default(),
        package: seen.package.unwrap_or_default(),
        number: seen.number.unwrap_or_default(),
        initial: first.map(|c| c.to_uppercase().to_string()).unwrap_or_default(),
        icon: seen.icon_data,
        description: details.description,
        name: details.name,
        becomes: match seen.becomes {
            Some(staged_page::StagedBecomes::NEW_VERSION) => Becomes::Version,
            Some(staged_page::StagedBecomes::REPLACEMENT) => Becomes::Replacement,
            _ => Becomes::Plugin,
        },
        replaces: seen.replaces,
        public: seen.public_at_once,
        trusted,
        refusal: seen.refusal.as_deref().map(sentence),
        found: by_weight(seen.findings),
        changes,
        compared: newest.map(|newest| newest.number),
        facts,
        changelog: seen.changelog,
        size: Bytes(seen.size_bytes.unwrap_or_default()),
        entries: Count(seen.entries.unwrap_or_default()),
        trouble,
    })
}

fn range(min: &str, max: &str) -> String {
    format!("{min} – {max}")
}

/// What the metadata says, as labels and texts; what it does not say is left out.
fn facts(
    told: &staged_page::Texts,
    qgis: &str,
    license: Option<&str>,
    experimental: bool,
) -> Vec<(&'static str, String)> {
    let flag = |on: bool| on.then(|| "yes".to_owned());
    let texts = [
        ("Name", Some(told.name.clone())),
        ("Description", Some(told.description.clone())),
        ("QGIS", Some(qgis.to_owned())),
        ("Experimental", flag(experimental)),
        ("Licence", license.map(in_words)),
        ("About", told.about.clone()),
        ("Tags", Some(told.tags.join(", "))),
        ("Homepage", told.homepage.clone()),
        ("Tracker", told.tracker.clone()),
        ("Repository", told.repository.clone()),
        ("Category", told.category.clone()),
        ("Needs these plugins", told.plugin_dependencies.clone()),
        ("Needs from outside QGIS", told.external_dependencies.clone()),
        ("QGIS Server", flag(told.server)),
        ("Processing", flag(told.has_processing_provider)),
        ("Deprecated", flag(told.deprecated)),
    ];
    let said =
        |(label, text): (&'static str, Option<String>)| Some((label, text.filter(|text| !text.is_empty())?));
    texts.into_iter().filter_map(said).collect()
}

/// The facts that differ, in the order of the new ones; those that are no longer said come last.
fn changes(before: &[(&'static str, String)], after: &[(&'static str, String)]) -> Vec<Change> {
    let text = |facts: &[(&'static str, String)], label| {
        facts.iter().find(|(known, _)| *known == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = before.iter().filter(|(label, _)| !after.iter().any(|(known, _)| known == label));
    let labels = after.iter().chain(gone).map(|(label, _)| *label);
    let change = |label| Change { label, before: text(before, label), after: text(after, label) };
    labels.map(change).filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(refusal: Option<&str>, public: bool) -> ReviewPage {
        ReviewPage {
            frame: testing::frame(Part::Publish),
            id: "00000000-0000-0000-0000-000000000001".into(),
            until: "2026-03-04T05:06:07Z".parse().unwrap(),
            package: "lasso".into(),
            number: HOSTILE.into(),
            name: HOSTILE.into(),
            initial: "<".into(),
            icon: None,
            description: HOSTILE.into(),
            becomes: Becomes::Version,
            replaces: Some(HOSTILE.into()),
            public,
            trusted: public,
            refusal: refusal.map(str::to_owned),
            found: vec![Found {
                code: "bare_percent".into(),
                error: false,
                place: Some(HOSTILE.into()),
                message: HOSTILE.into(),
                mend: HOSTILE.into(),
            }],
            facts: vec![("Name", HOSTILE.into())],
            changes: vec![Change { label: "Name", before: HOSTILE.into(), after: HOSTILE.into() }],
            compared: Some(HOSTILE.into()),
            changelog: Some(HOSTILE.into()),
            size: Bytes(183_000),
            entries: Count(12),
            trouble: Trouble::said("publish", HOSTILE),
        }
    }

    #[test]
    fn what_a_package_says_does_nothing() {
        testing::is_tame(&page(None, false).render().unwrap());
        testing::is_tame(&page(Some(HOSTILE), true).render().unwrap());
    }

    #[test]
    fn what_cannot_be_taken_has_no_button() {
        let (good, bad) = (page(None, true).render().unwrap(), page(Some("No."), true).render().unwrap());
        assert!(good.contains("Publish this version") && good.contains("public at once"), "{good}");
        assert!(!bad.contains("Publish this version") && bad.contains("No."), "{bad}");
        assert!(page(None, false).render().unwrap().contains("waits for review"));
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let before = [("Name", "Lasso".to_owned()), ("Tags", "draw".into()), ("Category", "Vector".into())];
        let after = [("Name", "Lasso".to_owned()), ("About", "More".into()), ("Tags", "draw, rope".into())];
        let told = changes(&before, &after);
        let labels: Vec<&str> = told.iter().map(|change| change.label).collect();
        assert_eq!(labels, ["About", "Tags", "Category"]);
        assert_eq!((told[2].before.as_str(), told[2].after.as_str()), ("Vector", ""));
        assert!(changes(&before, &before).is_empty());
    }
}
