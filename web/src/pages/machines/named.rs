//! What readers of whole sites, browsers and phones look for under well-known names.

use super::document;
use crate::frame::{Frame, Part};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cairn_api::App;
use cairn_api::app::SecurityContact;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use chrono::SecondsFormat;

/// Where a robot should not go: what is somebody's own, what changes with each question, and what counts as a download.
const DISALLOWED: [&str; 11] = [
    "/account/",
    "/staff/",
    "/graphql",
    "/api/",
    "/plugins/api/",
    "/plugins/add/",
    "/plugins/my/",
    "/plugins/?",
    "/statistics/?",
    "/plugins/*/version/*/download",
    "/log/?",
];

#[derive(Template)]
#[template(path = "machines/robots.txt", escape = "none")]
struct Robots {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "machines/opensearch.xml")]
struct OpenSearch {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "machines/security.txt", escape = "none")]
struct SecurityTxt {
    frame: Frame,
    security: SecurityContact,
}

#[derive(Template)]
#[template(path = "machines/manifest.json", escape = "none")]
struct Manifest {
    frame: Frame,
}

/// `/robots.txt`.
pub(super) async fn robots(State(app): State<App>) -> Response {
    document(&Robots { frame: Frame::of(&app, Part::Other) }, "text/plain; charset=utf-8")
}

/// `/opensearch.xml`: lets browsers search here from their address line.
pub(super) async fn opensearch(State(app): State<App>) -> Response {
    let sort = "application/opensearchdescription+xml; charset=utf-8";
    document(&OpenSearch { frame: Frame::of(&app, Part::Other) }, sort)
}

/// `/.well-known/security.txt`, as RFC 9116 has it; nothing where the operator names nobody.
pub(super) async fn security(State(app): State<App>) -> Result<Response, Problem> {
    let security = app.settings.security.clone().ok_or(Refusal::NothingHere)?;
    Ok(document(&SecurityTxt { frame: Frame::of(&app, Part::Other), security }, "text/plain; charset=utf-8"))
}

/// `/site.webmanifest`: name and picture for the screens of phones.
pub(super) async fn manifest(State(app): State<App>) -> Response {
    document(&Manifest { frame: Frame::of(&app, Part::Other) }, "application/manifest+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing;

    #[test]
    fn robots_are_kept_from_what_is_somebodys_own() {
        let text = Robots { frame: testing::frame(Part::Other) }.render().unwrap();
        assert!(
            text.contains("\nDisallow: /qgis/account/\n") && text.starts_with("User-agent: *\n"),
            "{text}"
        );
        assert!(text.ends_with("Sitemap: https://example.org/qgis/sitemap.xml\n"), "{text}");
    }

    #[test]
    fn a_browser_learns_how_to_search() {
        let xml = OpenSearch { frame: testing::frame(Part::Other) }.render().unwrap();
        assert!(xml.contains("template=\"https://example.org/qgis/plugins/?q={searchTerms}\""), "{xml}");
    }

    #[test]
    fn whoever_found_a_weakness_learns_whom_to_tell() {
        let said = "2026-03-04T05:06:07.890Z".parse().unwrap();
        let security = SecurityContact::said_at("mailto:security@example.org".parse().unwrap(), said);
        let text = SecurityTxt { frame: testing::frame(Part::Other), security }.render().unwrap();
        assert_eq!(
            text,
            "Contact: mailto:security@example.org\nExpires: 2027-03-04T05:06:07Z\nPreferred-Languages: en\n\
             Canonical: https://example.org/qgis/.well-known/security.txt\n"
        );
    }

    #[test]
    fn the_manifest_is_json() {
        let json = Manifest { frame: testing::frame(Part::Other) }.render().unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["icons"][0]["src"], "/qgis/icon-512.png");
    }
}
