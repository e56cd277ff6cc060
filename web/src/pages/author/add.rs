//! `/plugins/add/`, `/plugins/<package>/version/add/`, `/plugins/<package>/version/<version>/update/`: the zip goes in, and
//! everything that is found comes out, before anything of it is published.

use super::private;
use super::receive::{Received, Refused, receive};
use super::side::{Menu, Side, ours, side_of};
use crate::ask::Ask;
use crate::documents::{
    AddPage as AddQuestion, AddVersionPage as VersionQuestion, ReplacePage as ReplaceQuestion, add_page,
    add_version_page, replace_page,
};
use crate::frame::{Frame, Part};
use crate::pages::second_factor::me::Me;
use crate::text::{Bytes, Day};
use askama::Template;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;

side_of!(add_version_page);
side_of!(replace_page);

#[derive(Template)]
#[template(path = "author/add.html")]
struct AddPage {
    frame: Frame,
    form: Form,
    refused: Option<Refused>,
}

#[derive(Template)]
#[template(path = "author/add_version.html")]
struct VersionPage {
    frame: Frame,
    side: Side,
    /// The newest version, and whether it is public.
    newest: Option<(String, bool)>,
    /// The version whose file is replaced.
    replaced: Option<Replaced>,
    form: Form,
    refused: Option<Refused>,
}

/// A version that waits, and gets another file.
struct Replaced {
    number: String,
    refused_reason: Option<String>,
    /// It was public once, so its file stays as it is.
    public_since: Option<Day>,
}

/// The form itself.
struct Form {
    bytes_max: usize,
    trusted: bool,
}

impl Form {
    fn size(&self) -> Bytes {
        Bytes(self.bytes_max as u64)
    }
}

fn form(ask: &Ask, trusted: bool) -> Form {
    Form { bytes_max: ask.app.settings.limits.package_bytes_max, trusted }
}

fn status(refused: Option<&Refused>) -> StatusCode {
    refused.map_or(StatusCode::OK, |refused| refused.status)
}

pub(super) async fn show(ask: Ask, _me: Me) -> Result<Response, Problem> {
    page(&ask, None).await
}

pub(super) async fn take(ask: Ask, _me: Me, request: Request) -> Result<Response, Problem> {
    match receive(&ask, request, None, None).await? {
        Received::Waits(id) => Ok(ask.go(&review_path(&id), None, None)),
        Received::Refused(refused) => page(&ask, Some(refused)).await,
    }
}

async fn page(ask: &Ask, refused: Option<Refused>) -> Result<Response, Problem> {
    let told = ask.query::<AddQuestion>(add_page::Variables).await?;
    let form = form(ask, told.me.is_some_and(|me| me.trusted));
    let page = AddPage { frame: ask.frame(Part::Publish), form, refused };
    Ok(private(status(page.refused.as_ref()), &page))
}

pub(super) async fn show_version(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
) -> Result<Response, Problem> {
    version_page(&ask, package, None).await
}

pub(super) async fn take_version(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    match receive(&ask, request, Some(package.clone()), None).await? {
        Received::Waits(id) => Ok(ask.go(&review_path(&id), None, None)),
        Received::Refused(refused) => version_page(&ask, package, Some(refused)).await,
    }
}

async fn version_page(ask: &Ask, package: String, refused: Option<Refused>) -> Result<Response, Problem> {
    let told = ask.query::<VersionQuestion>(add_version_page::Variables { package: package.clone() }).await?;
    let plugin = ours(told.plugin, |plugin| &plugin.side, &package)?;
    let frame = ask.frame(Part::Publish);
    let page = VersionPage {
        newest: plugin.versions.into_iter().next().map(|newest| (newest.number, newest.approved)),
        side: Side::from((&frame, plugin.side, Menu::Add)),
        replaced: None,
        form: form(ask, told.me.is_some_and(|me| me.trusted)),
        refused,
        frame,
    };
    Ok(private(status(page.refused.as_ref()), &page))
}

pub(super) async fn show_replacement(
    ask: Ask,
    _me: Me,
    Path((package, version)): Path<(String, String)>,
) -> Result<Response, Problem> {
    replacement_page(&ask, package, version, None).await
}

pub(super) async fn take_replacement(
    ask: Ask,
    _me: Me,
    Path((package, version)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    match receive(&ask, request, Some(package.clone()), Some(version.clone())).await? {
        Received::Waits(id) => Ok(ask.go(&review_path(&id), None, None)),
        Received::Refused(refused) => replacement_page(&ask, package, version, Some(refused)).await,
    }
}

async fn replacement_page(
    ask: &Ask,
    package: String,
    version: String,
    refused: Option<Refused>,
) -> Result<Response, Problem> {
    let variables = replace_page::Variables { package: package.clone(), version: version.clone() };
    let told = ask.query::<ReplaceQuestion>(variables).await?;
    let plugin = ours(told.plugin, |plugin| plugin, &package)?;
    let version = told.version.ok_or(Refusal::VersionUnknown { package, version })?;
    let frame = ask.frame(Part::Publish);
    let replaced = Replaced {
        number: version.number,
        refused_reason: version.refused_reason,
        public_since: version.approved_at.filter(|_| version.approved).map(Day),
    };
    let page = VersionPage {
        side: Side::from((&frame, plugin, Menu::Versions)),
        newest: None,
        replaced: Some(replaced),
        form: form(ask, told.me.is_some_and(|me| me.trusted)),
        refused,
        frame,
    };
    Ok(private(status(page.refused.as_ref()), &page))
}

/// Where what was sent is looked at.
fn review_path(id: &str) -> String {
    format!("/plugins/add/{id}/")
}

#[cfg(test)]
mod tests {
    use super::super::found::Found;
    use super::super::side::lasso;
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn form() -> Form {
        Form { bytes_max: 25_000_000, trusted: false }
    }

    fn refused() -> Refused {
        let found = |error| Found {
            code: "init_missing".into(),
            error,
            place: Some(HOSTILE.into()),
            message: HOSTILE.into(),
            mend: HOSTILE.into(),
        };
        Refused {
            sentence: Some(HOSTILE.into()),
            found: vec![found(true), found(false)],
            of: Some(HOSTILE.into()),
            status: StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    #[test]
    fn what_a_package_says_does_nothing() {
        let add = AddPage { frame: testing::frame(Part::Publish), form: form(), refused: Some(refused()) };
        let version = VersionPage {
            frame: testing::frame(Part::Publish),
            side: lasso(Menu::Add),
            newest: Some((HOSTILE.into(), true)),
            replaced: Some(Replaced {
                number: HOSTILE.into(),
                refused_reason: Some(HOSTILE.into()),
                public_since: None,
            }),
            form: form(),
            refused: Some(refused()),
        };
        for html in [add.render().unwrap(), version.render().unwrap()] {
            testing::is_tame(&html);
            assert!(html.contains("role=\"alert\"") && html.contains("1 error"), "{html}");
            assert!(html.contains("enctype=\"multipart/form-data\""), "{html}");
        }
    }

    #[test]
    fn the_first_form_says_what_will_happen() {
        let add = AddPage { frame: testing::frame(Part::Publish), form: form(), refused: None };
        let html = add.render().unwrap();
        assert!(html.contains("25 MB") && !html.contains("role=\"alert\""), "{html}");
        let trusted = Form { trusted: true, ..form() };
        let html = AddPage { frame: testing::frame(Part::Publish), form: trusted, refused: None }.render();
        assert!(html.unwrap().contains("public at once"));
    }

    #[test]
    fn a_version_that_is_public_keeps_its_file() {
        let public_since = Some(Day("2026-03-04T05:06:07Z".parse().unwrap()));
        let page = VersionPage {
            frame: testing::frame(Part::Publish),
            side: lasso(Menu::Versions),
            newest: None,
            replaced: Some(Replaced { number: "1.0".into(), refused_reason: None, public_since }),
            form: form(),
            refused: None,
        };
        let html = page.render().unwrap();
        assert!(
            !html.contains("type=\"file\"") && html.contains("/qgis/plugins/lasso/version/add/"),
            "{html}"
        );
    }
}
