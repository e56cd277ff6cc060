//! `/staff/queue/<package>/<version>/`: one version with all that its reviewer looks at, and the verdict.

use super::approve::VerdictForm;
use super::who::{Said, Staff};
use crate::ask::Ask;
use crate::coded::Coded;
use crate::documents::staff_review::{
    FindingSeverity, StaffReviewVersion, StaffReviewVersionChanges, StaffReviewVersionFindings,
    StaffReviewVersionMetadata, StaffReviewVersionPlugin, StaffReviewVersionUploadedBy,
};
use crate::documents::{StaffReview, staff_review};
use crate::frame::{Frame, Part, path_part};
use crate::license::in_words;
use crate::page::page_with;
use crate::text::{Bytes, Count, Day};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use std::collections::HashSet;

/// Files that are shown of each list; the package has them all.
const FILES_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "staff/review.html")]
struct ReviewPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    typed: VerdictForm,
    version: Shown,
    author: Option<Author>,
    findings: Vec<Finding>,
    changes: Option<Changes>,
    files: Listing,
    unpacked: Bytes,
    metadata: Vec<StaffReviewVersionMetadata>,
    earlier: Vec<Earlier>,
    replaced: Vec<FileRow>,
}

/// The version itself.
struct Shown {
    package: String,
    plugin: String,
    plugin_href: String,
    description: String,
    created_at: Day,
    downloads: Count,
    owners: String,
    number: String,
    href: String,
    download: String,
    sha256: String,
    /// The newest public version, which the verdict is given beside.
    base: Option<String>,
    approved: bool,
    again: bool,
    refused: Option<String>,
    uploaded_at: Day,
    replaced_at: Option<Day>,
    published_by: String,
    line: Option<String>,
    experimental: bool,
    qgis: String,
    license: String,
    size: Bytes,
    changelog: Option<String>,
    /// The review of the version behind it in the queue.
    next: String,
}

/// Who uploaded it.
struct Author {
    name: String,
    path: String,
    href: String,
    trusted: bool,
    since: Day,
    /// Of the first 100 of their plugins.
    public: usize,
    others: usize,
}

struct Finding {
    error: bool,
    code: String,
    place: String,
    message: Coded,
    mend: Coded,
}

struct FileRow {
    path: String,
    size: String,
    href: Option<String>,
}

/// The beginning of a list of files.
struct Listing {
    title: &'static str,
    count: u64,
    rows: Vec<FileRow>,
}

/// What differs from the version before.
struct Changes {
    base: String,
    base_href: String,
    facts: Vec<(&'static str, Option<String>, Option<String>)>,
    metadata: Vec<(String, Option<String>, Option<String>)>,
    files: Vec<Listing>,
}

/// An earlier version of the plugin.
struct Earlier {
    number: String,
    href: String,
    at: Day,
    approved: bool,
    refused: Option<String>,
}

pub(super) async fn show(
    staff: Staff,
    Path((package, version)): Path<(String, String)>,
) -> Result<Response, Problem> {
    look(&staff.ask, package, version, VerdictForm::default(), Said::default()).await
}

pub(super) async fn look(
    ask: &Ask,
    package: String,
    version: String,
    typed: VerdictForm,
    said: Said,
) -> Result<Response, Problem> {
    let variables = staff_review::Variables { package: package.clone(), version: version.clone() };
    let told = ask.query::<StaffReview>(variables).await?.version;
    let unknown = || Refusal::VersionUnknown { package: package.clone(), version: version.clone() };
    let page = told.and_then(|told| ReviewPage::of(ask.frame(Part::Staff), told)).ok_or_else(unknown)?;
    let page = ReviewPage { problem: said.problem.clone(), typed, ..page };
    Ok(page_with(said.status(), &page))
}

impl ReviewPage {
    /// None if nobody may see its plugin.
    fn of(frame: Frame, mut told: StaffReviewVersion) -> Option<Self> {
        let plugin = told.plugin.take()?;
        let author = told.uploaded_by.take().and_then(|account| Author::of(&frame, account, &plugin.package));
        let findings = std::mem::take(&mut told.findings).into_iter().map(Finding::of).collect();
        let changes = told.changes.take().map(|changes| Changes::of(&frame, &plugin.package, changes));
        let replaced = told.replaced_files.take().unwrap_or_default();
        let replaced = replaced.into_iter().map(|file| FileRow {
            path: format!("{}, until {}", file.number, Day(file.replaced_at)),
            size: Bytes(file.size_bytes).to_string(),
            href: Some(frame.local(&file.download_url)),
        });
        let files = told.files.files.iter().map(|file| (&file.path, Bytes(file.size_bytes).to_string()));
        let files = Listing { title: "All files", count: told.files.count, rows: rows(files) };
        let unpacked = Bytes(told.files.unpacked_bytes);
        Some(Self {
            tab: "queue",
            problem: None,
            typed: VerdictForm::default(),
            author,
            findings,
            changes,
            files,
            unpacked,
            metadata: std::mem::take(&mut told.metadata),
            earlier: earlier(&frame, &plugin, &told.number),
            replaced: replaced.collect(),
            version: Shown::of(&frame, told, plugin),
            frame,
        })
    }
}

impl Listing {
    /// There are more than are shown.
    fn is_cut(&self) -> bool {
        (self.rows.len() as u64) < self.count
    }
}

impl Shown {
    fn of(frame: &Frame, told: StaffReviewVersion, plugin: StaffReviewVersionPlugin) -> Self {
        let newest = plugin.versions.iter().find(|other| other.approved && other.number != told.number);
        let owners: Vec<String> = plugin.owners.into_iter().filter_map(|owner| owner.name).collect();
        let line = match (told.author, told.author_email) {
            (Some(author), Some(email)) => Some(format!("{author}, {email}")),
            (author, email) => author.or(email),
        };
        let here = format!("{}/{}", plugin.package, told.number);
        Self {
            plugin_href: frame.plugin(&plugin.package),
            href: frame.version(&plugin.package, &told.number),
            download: told.download_url.map(|address| frame.local(&address)).unwrap_or_default(),
            next: format!("{}/staff/queue/next/?after={}", frame.root, path_part(&here)),
            base: newest.filter(|_| !told.approved).map(|newest| newest.number.clone()),
            package: plugin.package,
            plugin: plugin.name,
            description: plugin.description,
            created_at: Day(plugin.created_at),
            downloads: Count(plugin.downloads),
            owners: owners.join(", "),
            number: told.number,
            sha256: told.sha256,
            approved: told.approved,
            again: told.review_asked.unwrap_or(false),
            refused: told.refused_reason,
            uploaded_at: Day(told.uploaded_at),
            replaced_at: told.replaced_at.map(Day),
            published_by: told.published_by.summary,
            line,
            experimental: told.experimental,
            qgis: format!("{} – {}", told.qgis_min, told.qgis_max),
            license: told.license.as_deref().map_or_else(|| "licence not known".to_owned(), in_words),
            size: Bytes(told.size_bytes),
            changelog: told.changelog,
        }
    }
}

impl Author {
    /// None of a person who was forgotten.
    fn of(frame: &Frame, account: StaffReviewVersionUploadedBy, package: &str) -> Option<Self> {
        let name = account.name?;
        let path = path_part(&name);
        Some(Self {
            href: format!("{}/staff/accounts/{path}/", frame.root),
            path,
            name,
            trusted: account.trusted,
            since: Day(account.registered_at),
            public: account.plugins.nodes.iter().filter(|plugin| plugin.listed).count(),
            others: account
                .plugins
                .nodes
                .iter()
                .filter(|plugin| !plugin.listed && plugin.package != package)
                .count(),
        })
    }
}

impl Finding {
    fn of(told: StaffReviewVersionFindings) -> Self {
        let line = told.line.map(|line| format!("line {line}"));
        let place: Vec<String> = told.entry.into_iter().chain(line).chain(told.key).collect();
        Self {
            error: told.severity == FindingSeverity::ERROR,
            code: told.code,
            place: place.join(", "),
            message: Coded::sentence(&told.message),
            mend: Coded::sentence(&told.mend),
        }
    }
}

impl Changes {
    fn of(frame: &Frame, package: &str, told: StaffReviewVersionChanges) -> Self {
        let mut facts = Vec::new();
        if let Some(qgis) = told.qgis_min {
            facts.push(("First QGIS", Some(qgis.before), Some(qgis.after)));
        }
        if let Some(qgis) = told.qgis_max {
            facts.push(("Last QGIS", Some(qgis.before), Some(qgis.after)));
        }
        if told.experimental_changed {
            facts.push(("Experimental", None, Some("changed".to_owned())));
        }
        if told.size_bytes != told.size_bytes_before {
            let size = |bytes| Some(Bytes(bytes).to_string());
            facts.push(("Size", size(told.size_bytes_before), size(told.size_bytes)));
        }
        let files = told.files;
        let changed = files.changed.iter().map(|file| {
            (&file.path, format!("{} → {}", Bytes(file.size_bytes_before), Bytes(file.size_bytes)))
        });
        let plain = |path, bytes| (path, Bytes(bytes).to_string());
        let added = files.added.iter().map(|file| plain(&file.path, file.size_bytes));
        let removed = files.removed.iter().map(|file| plain(&file.path, file.size_bytes));
        let lists = [
            Listing { title: "New files", count: files.added_count, rows: rows(added) },
            Listing { title: "Changed files", count: files.changed_count, rows: rows(changed) },
            Listing { title: "Removed files", count: files.removed_count, rows: rows(removed) },
        ];
        Self {
            base_href: frame.version(package, &told.base.number),
            base: told.base.number,
            facts,
            metadata: told.metadata.into_iter().map(|it| differing(it.key, it.before, it.after)).collect(),
            files: lists.into_iter().filter(|list| list.count > 0).collect(),
        }
    }
}

/// A value with the lines only that are in one of the two: a changelog grows at its head, and a reviewer wants what is new.
fn differing(
    key: String,
    before: Option<String>,
    after: Option<String>,
) -> (String, Option<String>, Option<String>) {
    let (Some(old), Some(new)) = (&before, &after) else { return (key, before, after) };
    if !old.contains('\n') && !new.contains('\n') {
        return (key, before, after);
    }
    let lines_of = |text: &str, other: &str| {
        let others: HashSet<&str> = other.lines().map(str::trim).collect();
        let own: Vec<&str> = text.lines().filter(|line| !others.contains(line.trim())).collect();
        own.join("\n")
    };
    let (gone, come) = (lines_of(old, new), lines_of(new, old));
    if gone.is_empty() && come.is_empty() {
        // Only the order or the blanks differ, which is shown whole.
        return (key, before, after);
    }
    (key, Some(gone), Some(come))
}

fn rows<'f>(files: impl Iterator<Item = (&'f String, String)>) -> Vec<FileRow> {
    files.take(FILES_SHOWN).map(|(path, size)| FileRow { path: path.clone(), size, href: None }).collect()
}

fn earlier(frame: &Frame, plugin: &StaffReviewVersionPlugin, number: &str) -> Vec<Earlier> {
    let others = plugin.versions.iter().filter(|other| other.number != number);
    others
        .take(20)
        .map(|other| Earlier {
            number: other.number.clone(),
            href: frame.version(&plugin.package, &other.number),
            at: Day(other.uploaded_at),
            approved: other.approved,
            refused: other.refused_reason.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};
    use serde_json::json;

    fn told(approved: bool) -> StaffReviewVersion {
        let text = HOSTILE;
        let at = "2026-03-04T05:06:07Z";
        let change = json!({ "before": text, "after": text });
        let file = json!({ "path": text, "sizeBytes": 7 });
        serde_json::from_value(json!({
            "number": text, "approved": approved, "reviewAsked": true, "refusedReason": text, "uploadedAt": at,
            "replacedAt": at, "sha256": "ab".repeat(32), "sizeBytes": 7, "experimental": true, "qgisMin": "3.28",
            "qgisMax": "3.99", "author": text, "authorEmail": text, "changelog": text,
            "downloadUrl": "https://example.org/qgis/plugins/lasso/version/1/download/",
            "publishedBy": { "summary": text },
            "uploadedBy": {
                "name": text, "trusted": false, "registeredAt": at,
                "plugins": { "nodes": [{ "package": "lasso", "name": text, "listed": true }] },
            },
            "findings": [{
                "code": text, "severity": "WARNING", "entry": text, "key": text, "line": 3, "message": text, "mend": text,
            }],
            "replacedFiles": [{
                "number": text, "sizeBytes": 7, "replacedAt": at,
                "downloadUrl": "https://example.org/qgis/replaced/1",
            }],
            "metadata": [{ "key": text, "value": text }],
            "files": { "count": 1, "unpackedBytes": 7, "files": [file] },
            "changes": {
                "base": { "number": "0.9" }, "sizeBytesBefore": 6, "sizeBytes": 7, "experimentalChanged": true,
                "qgisMin": change, "qgisMax": change, "metadata": [{ "key": text, "before": text, "after": text }],
                "files": {
                    "addedCount": 1, "removedCount": 1, "changedCount": 1, "added": [file], "removed": [file],
                    "changed": [{ "path": text, "sizeBytesBefore": 6, "sizeBytes": 7 }],
                },
            },
            "plugin": {
                "package": "lasso", "name": text, "description": text, "createdAt": at, "downloads": 3,
                "owners": [{ "name": text }],
                "versions": [
                    { "number": "1.0", "approved": true, "refusedReason": text, "uploadedAt": at },
                    { "number": "0.9", "approved": true, "refusedReason": null, "uploadedAt": at },
                ],
            },
        }))
        .unwrap()
    }

    #[test]
    fn all_that_a_reviewer_looks_at_is_there_and_does_nothing() {
        let page = ReviewPage::of(testing::frame(Part::Staff), told(false)).unwrap();
        assert_eq!(
            page.version.base.as_deref(),
            Some("1.0"),
            "the newest public one, not the one compared with"
        );
        let page = ReviewPage { problem: Some(HOSTILE.into()), ..page };
        let html = page.render().unwrap();
        for words in ["/approve/\"", "/refuse/\"", "/trust/\"", "New files", "6 B → 7 B", "name=\"sha256\""]
        {
            assert!(html.contains(words), "{words}: {html}");
        }
        testing::is_tame(&html);
    }

    #[test]
    fn a_public_version_is_taken_back_and_not_approved() {
        let html = ReviewPage::of(testing::frame(Part::Staff), told(true)).unwrap().render().unwrap();
        assert!(html.contains("unapprove/\"") && !html.contains("/approve/\""), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn of_long_texts_only_what_differs_is_shown() {
        let text = |text: &str| Some(text.to_owned());
        let told = |before, after| {
            let (_, before, after) = differing("changelog".into(), before, after);
            (before, after)
        };
        assert_eq!(told(text("1.0\n- a"), text("1.1\n- b\n1.0\n- a")), (text(""), text("1.1\n- b")));
        assert_eq!(told(text("a"), text("b")), (text("a"), text("b")));
        assert_eq!(
            told(text("a\nb"), text("b\na")),
            (text("a\nb"), text("b\na")),
            "the order is shown whole"
        );
        assert_eq!(told(None, text("b\na")), (None, text("b\na")));
    }

    #[test]
    fn a_plugin_that_nobody_sees_has_no_review() {
        let told = StaffReviewVersion { plugin: None, ..told(false) };
        assert!(ReviewPage::of(testing::frame(Part::Staff), told).is_none());
    }
}
