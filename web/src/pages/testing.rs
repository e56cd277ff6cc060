//! Hostile texts, and what must not come of them.

use crate::card::{Card, VersionRow};
use crate::frame::{Frame, Part};
use crate::notice::Notice;
use crate::pages::identities::{Button, Ways};
use crate::text::{Bytes, Count, Day};

/// What an author might write to act on a reader's page: it leaves an attribute, an element, a script and a comment.
pub(crate) const HOSTILE: &str =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>'--><svg/onload=alert(1)>{{ 7 }}&lt;";

/// A site below a path.
pub(crate) fn frame(part: Part) -> Frame {
    Frame::at(&"https://example.org/qgis/".parse().unwrap(), part)
}

pub(crate) fn card(text: &str) -> Card {
    Card {
        href: "/qgis/plugins/lasso/".into(),
        name: text.into(),
        initial: "<".into(),
        icon: Some("/qgis/icons/00.png".into()),
        description: Some(text.into()),
        version: Some(text.into()),
        downloads: Count(12_345),
        updated_at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
        experimental: true,
        deprecated: true,
        featured: true,
    }
}

pub(crate) fn version_row(text: &str) -> VersionRow {
    VersionRow {
        number: text.into(),
        href: "/qgis/plugins/lasso/version/1.2.0/".into(),
        download_href: "/qgis/plugins/lasso/version/1.2.0/download/".into(),
        qgis: "3.28 – 3.99".into(),
        uploaded_at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
        published_at: Some(Day("2026-03-04T05:06:07Z".parse().unwrap())),
        downloads: Count(1),
        size: Bytes(183_000),
        sha256: "ab".repeat(32),
        experimental: true,
        public: true,
        refused: false,
        yanked: true,
        pinned: true,
    }
}

/// What whoever decided might write to act on a reader's page.
pub(crate) fn notices() -> Vec<Notice> {
    let instead = Some((HOSTILE.to_owned(), "/qgis/plugins/rope/".to_owned()));
    vec![Notice { head: "Deprecated".into(), reason: Some(HOSTILE.into()), instead }]
}

/// A provider and a directory of hostile names.
pub(super) fn ways() -> Ways {
    let provider = Button { name: "idp".into(), title: HOSTILE.into() };
    Ways {
        providers: vec![provider],
        directory: Some(HOSTILE.into()),
        next: Some(HOSTILE.into()),
        invitation: Some(HOSTILE.into()),
    }
}

/// The page has no markup but ours, and nothing that the content security policy would have to stop.
pub(crate) fn is_tame(html: &str) {
    let ours = html.matches("<script src=\"/qgis/assets/").count();
    assert_eq!(html.matches("<script").count(), ours, "{html}");
    for live in ["<img src=x", "<svg/", "onerror=alert(1)>", " style=", " onclick=", "javascript:"] {
        assert!(!html.contains(live), "{live}: {html}");
    }
    for attribute in ["src=\"", "action=\""] {
        for (at, _) in html.match_indices(attribute) {
            assert!(html[at + attribute.len()..].starts_with("/qgis/"), "{}", &html[at..at + 60]);
        }
    }
}
