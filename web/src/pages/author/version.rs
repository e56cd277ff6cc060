//! `/plugins/<package>/version/<version>/…`: deletes a version, yanks it, pins it. Each asks before and says what will happen.

use super::deeds::{Deed, carry_out};
use super::side::{Menu, Side, ours, side_of};
use super::{Trouble, private, typed};
use crate::ask::Ask;
use crate::documents::{
    DeleteVersion, PinVersion, UnpinVersion, UnyankVersion, VersionDeedPage as Question, YankVersion,
    delete_version, pin_version, unpin_version, unyank_version, version_deed_page, yank_version,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::pages::second_factor::me::Me;
use crate::text::Count;
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use serde::Deserialize;

side_of!(version_deed_page);

#[derive(Template)]
#[template(path = "author/version.html")]
struct VersionPage {
    frame: Frame,
    side: Side,
    what: What,
    number: String,
    approved: bool,
    experimental: bool,
    yanked: bool,
    downloads: Count,
    /// What was typed.
    reason: String,
    trouble: Trouble,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Delete,
    Yank,
    Pin,
}

#[derive(Deserialize)]
pub(super) struct DeleteForm {
    /// The number, typed again, so that it is not done by a slip of the hand.
    delete_confirm: Option<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct YankForm {
    reason: String,
}

/// A version in an address.
type Of = Path<(String, String)>;

pub(super) async fn show_delete(ask: Ask, _me: Me, of: Of) -> Result<Response, Problem> {
    show(&ask, of, What::Delete).await
}

pub(super) async fn show_yank(ask: Ask, _me: Me, of: Of) -> Result<Response, Problem> {
    show(&ask, of, What::Yank).await
}

pub(super) async fn show_pin(ask: Ask, _me: Me, of: Of) -> Result<Response, Problem> {
    show(&ask, of, What::Pin).await
}

async fn show(ask: &Ask, Path((package, version)): Of, what: What) -> Result<Response, Problem> {
    let page = look(ask, &package, &version, what, Trouble::none()).await?;
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn delete(
    ask: Ask,
    _me: Me,
    Path((package, version)): Of,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Problem> {
    let reason = form.reason.unwrap_or_default();
    let mut page = look(&ask, &package, &version, What::Delete, Trouble::none()).await?;
    let trouble = if form.delete_confirm.is_some_and(|word| word.trim() == page.number) {
        let input = delete_version::DeleteVersionInput {
            package: package.clone(),
            version,
            reason: typed(&reason),
            idempotency_key: None,
        };
        let deed = deed(&package, Done::VersionDeleted);
        match carry_out::<DeleteVersion>(&ask, delete_version::Variables { input }, deed).await? {
            Ok(response) => return Ok(response),
            Err(trouble) => trouble,
        }
    } else {
        Trouble::said("deed", format!("Type {} to delete this version.", page.number))
    };
    (page.reason, page.trouble) = (reason, trouble);
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn yank(
    ask: Ask,
    _me: Me,
    Path((package, version)): Of,
    Form(form): Form<YankForm>,
) -> Result<Response, Problem> {
    let input = yank_version::YankVersionInput {
        package: package.clone(),
        version: version.clone(),
        reason: form.reason.trim().to_owned(),
        idempotency_key: None,
    };
    let deed = deed(&package, Done::Yanked);
    match carry_out::<YankVersion>(&ask, yank_version::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let mut page = look(&ask, &package, &version, What::Yank, trouble).await?;
            page.reason = form.reason;
            Ok(private(page.trouble.status(), &page))
        }
    }
}

pub(super) async fn unyank(ask: Ask, _me: Me, Path((package, version)): Of) -> Result<Response, Problem> {
    let input = unyank_version::UnyankVersionInput {
        package: package.clone(),
        version: version.clone(),
        idempotency_key: None,
    };
    let deed = deed(&package, Done::Unyanked);
    match carry_out::<UnyankVersion>(&ask, unyank_version::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, &version, What::Yank, trouble).await,
    }
}

pub(super) async fn pin(ask: Ask, _me: Me, Path((package, version)): Of) -> Result<Response, Problem> {
    let seen = look(&ask, &package, &version, What::Pin, Trouble::none()).await?;
    let channel =
        if seen.experimental { pin_version::Channel::EXPERIMENTAL } else { pin_version::Channel::STABLE };
    let input = pin_version::PinVersionInput {
        package: package.clone(),
        version: version.clone(),
        channel,
        idempotency_key: None,
    };
    let deed = deed(&package, Done::Pinned);
    match carry_out::<PinVersion>(&ask, pin_version::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, &version, What::Pin, trouble).await,
    }
}

pub(super) async fn unpin(ask: Ask, _me: Me, Path((package, version)): Of) -> Result<Response, Problem> {
    let seen = look(&ask, &package, &version, What::Pin, Trouble::none()).await?;
    let channel =
        if seen.experimental { unpin_version::Channel::EXPERIMENTAL } else { unpin_version::Channel::STABLE };
    let input = unpin_version::UnpinVersionInput { package: package.clone(), channel, idempotency_key: None };
    let deed = deed(&package, Done::Unpinned);
    match carry_out::<UnpinVersion>(&ask, unpin_version::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => again(&ask, &package, &version, What::Pin, trouble).await,
    }
}

fn deed(package: &str, done: Done) -> Deed {
    Deed { form: "deed", to: format!("/plugins/{}/versions/", path_part(package)), done }
}

async fn again(
    ask: &Ask,
    package: &str,
    version: &str,
    what: What,
    trouble: Trouble,
) -> Result<Response, Problem> {
    let page = look(ask, package, version, what, trouble).await?;
    Ok(private(page.trouble.status(), &page))
}

async fn look(
    ask: &Ask,
    package: &str,
    version: &str,
    what: What,
    trouble: Trouble,
) -> Result<VersionPage, Problem> {
    let variables = version_deed_page::Variables { package: package.to_owned(), version: version.to_owned() };
    let told = ask.query::<Question>(variables).await?;
    let plugin = ours(told.plugin, |plugin| plugin, package)?;
    let unknown = || Refusal::VersionUnknown { package: package.to_owned(), version: version.to_owned() };
    let version = told.version.ok_or_else(unknown)?;
    let frame = ask.frame(Part::Publish);
    Ok(VersionPage {
        side: Side::from((&frame, plugin, Menu::Versions)),
        what,
        number: version.number,
        approved: version.approved,
        experimental: version.experimental,
        yanked: version.yanked,
        downloads: Count(version.downloads),
        reason: String::new(),
        trouble,
        frame,
    })
}

#[cfg(test)]
mod tests {
    use super::super::side::lasso;
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn page(what: What, yanked: bool) -> String {
        let page = VersionPage {
            frame: testing::frame(Part::Publish),
            side: lasso(Menu::Versions),
            what,
            number: HOSTILE.into(),
            approved: true,
            experimental: true,
            yanked,
            downloads: Count(3),
            reason: HOSTILE.into(),
            trouble: Trouble::said("deed", HOSTILE),
        };
        page.render().unwrap()
    }

    #[test]
    fn what_was_typed_does_nothing() {
        for what in [What::Delete, What::Yank, What::Pin] {
            for yanked in [false, true] {
                let html = page(what, yanked);
                testing::is_tame(&html);
                assert_eq!(html.matches("role=\"alert\"").count(), 1, "{what:?}: {html}");
            }
        }
    }

    #[test]
    fn deleting_wants_the_number_typed_again() {
        assert!(page(What::Delete, false).contains("name=\"delete_confirm\""));
        assert!(!page(What::Yank, false).contains("name=\"delete_confirm\""));
    }
}
