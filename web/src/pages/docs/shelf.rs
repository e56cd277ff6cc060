//! Which documents there are.

use cairn_domain::package::{FindingCode, Severity};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// A document.
#[derive(Debug)]
pub(super) struct Doc {
    /// Below `/docs/`, without slashes at the ends.
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    /// One sentence about it.
    pub(super) about: &'static str,
    pub(super) group: Group,
    /// Its Markdown; none where it is a template of its own.
    pub(super) text: Option<fn() -> &'static str>,
}

/// For whom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Users,
    Authors,
    Programs,
}

impl Group {
    pub(super) const ALL: [Self; 3] = [Self::Users, Self::Authors, Self::Programs];

    /// As pages call it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Users => "Using plugins",
            Self::Authors => "Publishing plugins",
            Self::Programs => "For programs",
        }
    }

    /// The documents in it.
    pub(super) fn docs(self) -> impl Iterator<Item = &'static Doc> {
        SHELF.iter().filter(move |doc| doc.group == self)
    }
}

/// Declares the documents: path, group, title, what it is about, and its file.
macro_rules! shelf {
    ($($path:literal in $group:ident, $title:literal, $about:literal, $text:expr;)+) => {
        /// All of them, in the order of the navigation.
        pub(super) const SHELF: &[Doc] = &[
            $(Doc { path: $path, title: $title, about: $about, group: Group::$group, text: $text },)+
        ];
    };
}

shelf! {
    "add-to-qgis" in Users, "Add this repository to QGIS",
        "The address for the plugin manager of QGIS, step by step, and what to do when it asks for a password.", None;
    "faq" in Users, "Questions and answers",
        "Why a plugin does not show, how often QGIS asks, what is kept about downloads, and what authors ask.",
        Some(|| include_str!("../../../docs/faq.md"));
    "publish" in Authors, "Publish a plugin",
        "What goes into the zip, how to upload it in the browser or from a terminal, and what comes afterwards.",
        Some(|| include_str!("../../../docs/publish.md"));
    "metadata" in Authors, "metadata.txt",
        "Every key of a plugin's metadata.txt, what it means, and what is checked.",
        Some(|| include_str!("../../../docs/metadata.md"));
    "approval" in Authors, "How review works",
        "What happens between an upload and the feeds, what reviewers look at, and what to do after a refusal.",
        Some(|| include_str!("../../../docs/approval.md"));
    "ci" in Authors, "Publish from CI",
        "Releases from GitHub Actions and GitLab CI without a password: trusted publishing, tokens, qgis-plugin-ci.",
        Some(|| include_str!("../../../docs/ci.md"));
    "security-scanning" in Authors, "What is checked",
        "What this repository looks for in every package before it is stored.",
        Some(|| include_str!("../../../docs/security-scanning.md"));
    "security-scanning/rules" in Authors, "All findings",
        "Everything that an inspection can find in a package, with its code and how to mend it.",
        Some(|| &FINDINGS);
    "migrate-qgis4" in Authors, "Get ready for QGIS 4",
        "What a plugin needs to run in QGIS 4, and how to say so.",
        Some(|| include_str!("../../../docs/migrate-qgis4.md"));
    "api" in Programs, "API",
        "GraphQL, plain addresses, XML-RPC, feeds for QGIS, and Atom, with examples.",
        Some(|| include_str!("../../../docs/api.md"));
}

/// The document at a path below `/docs/`, or the one that the path begins with.
pub(super) fn find(path: &str) -> Option<&'static Doc> {
    let fits =
        |doc: &&Doc| path.strip_prefix(doc.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    SHELF.iter().filter(fits).max_by_key(|doc| doc.path.len())
}

/// The findings as a table, of the program's own list.
static FINDINGS: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::from(
        "What an upload, and `cairn inspect`, can say about a package. Codes never change, so that tools may act on them.\n",
    );
    for (severity, title) in [
        (Severity::Error, "Errors: the package is refused"),
        (Severity::Warning, "Warnings: the package is taken"),
    ] {
        let _ = write!(text, "\n## {title}\n\n| code | what it means | how to mend it |\n|---|---|---|\n");
        for code in FindingCode::ALL.iter().filter(|code| code.severity() == severity) {
            let cell = |text: &str| text.replace('|', "\\|");
            let _ =
                writeln!(text, "| `{}` | {} | {} |", code.as_str(), cell(code.meaning()), cell(code.mend()));
        }
    }
    text
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_known_address_is_part_of_it() {
        let found = |path| find(path).map(|doc| doc.path);
        assert_eq!(found("publish"), Some("publish"));
        assert_eq!(found("publish/whatever/follows"), Some("publish"));
        assert_eq!(found("security-scanning/rules"), Some("security-scanning/rules"));
        assert_eq!(found("security-scanning/skipping"), Some("security-scanning"));
        assert_eq!((found("publishing"), found("")), (None, None));
    }

    #[test]
    fn every_finding_is_in_the_list() {
        for code in FindingCode::ALL {
            assert!(FINDINGS.contains(&format!("| `{}` |", code.as_str())), "{}", code.as_str());
        }
    }

    #[test]
    fn documents_differ() {
        for (n, doc) in SHELF.iter().enumerate() {
            assert!(SHELF[n + 1..].iter().all(|other| other.path != doc.path && other.title != doc.title));
        }
        assert_eq!(Group::ALL.iter().flat_map(|group| group.docs()).count(), SHELF.len());
    }
}
