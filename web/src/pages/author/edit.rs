//! `/plugins/<package>/update/`: what owners say of their plugin beside its metadata: tags, QGIS Server, whether it may be
//! renamed, and whom visitors should write to.

use super::deeds::{Deed, carry_out};
use super::side::{Menu, Side, ours, side_of};
use super::{Trouble, private, typed};
use crate::ask::Ask;
use crate::documents::{
    AllowRenaming, EditDetails, EditPage as Question, NameMaintainer, allow_renaming, edit_details,
    edit_page, name_maintainer,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::pages::second_factor::me::Me;
use crate::text::Day;
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::package::TAGS_MAX;
use serde::Deserialize;

side_of!(edit_page);

#[derive(Template)]
#[template(path = "author/edit.html")]
struct EditPage {
    frame: Frame,
    side: Side,
    tags: String,
    tags_max: usize,
    server: bool,
    renaming: bool,
    previous: Vec<(String, Day)>,
    maintainer: String,
    owners: Vec<String>,
    trouble: Trouble,
}

#[derive(Deserialize)]
pub(super) struct DetailsForm {
    tags: String,
    server: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RenamingForm {
    allowed: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct MaintainerForm {
    account: String,
}

pub(super) async fn show(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let page = look(&ask, &package, Trouble::none()).await?;
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn details(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<DetailsForm>,
) -> Result<Response, Problem> {
    let input = edit_details::EditDetailsInput {
        package: package.clone(),
        server: Some(form.server.is_some()),
        tags: Some(tags_of(&form.tags)),
        idempotency_key: None,
    };
    let deed = deed("details", &package, Done::Edited);
    match carry_out::<EditDetails>(&ask, edit_details::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let mut page = look(&ask, &package, trouble).await?;
            (page.tags, page.server) = (form.tags, form.server.is_some());
            Ok(private(page.trouble.status(), &page))
        }
    }
}

pub(super) async fn renaming(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<RenamingForm>,
) -> Result<Response, Problem> {
    let allowed = form.allowed.is_some();
    let input =
        allow_renaming::AllowRenamingInput { package: package.clone(), allowed, idempotency_key: None };
    let deed = deed("renaming", &package, Done::Edited);
    match carry_out::<AllowRenaming>(&ask, allow_renaming::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let page = look(&ask, &package, trouble).await?;
            Ok(private(page.trouble.status(), &page))
        }
    }
}

pub(super) async fn maintainer(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<MaintainerForm>,
) -> Result<Response, Problem> {
    let account = typed(&form.account);
    let input =
        name_maintainer::NameMaintainerInput { package: package.clone(), account, idempotency_key: None };
    let deed = deed("maintainer", &package, Done::Edited);
    match carry_out::<NameMaintainer>(&ask, name_maintainer::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let mut page = look(&ask, &package, trouble).await?;
            page.maintainer = form.account;
            Ok(private(page.trouble.status(), &page))
        }
    }
}

fn deed(form: &'static str, package: &str, done: Done) -> Deed {
    Deed { form, to: format!("/plugins/{}/update/", path_part(package)), done }
}

/// Tags as people write them, with commas between.
fn tags_of(text: &str) -> Vec<String> {
    text.split(',').filter_map(typed).collect()
}

async fn look(ask: &Ask, package: &str, trouble: Trouble) -> Result<EditPage, Problem> {
    let told = ask.query::<Question>(edit_page::Variables { package: package.to_owned() }).await?;
    let plugin = ours(told.plugin, |plugin| &plugin.side, package)?;
    let frame = ask.frame(Part::Publish);
    Ok(EditPage {
        side: Side::from((&frame, plugin.side, Menu::Edit)),
        tags: plugin.tags.join(", "),
        tags_max: TAGS_MAX,
        server: plugin.server,
        renaming: plugin.renaming_allowed,
        previous: plugin.previous_names.into_iter().map(|one| (one.name, Day(one.until))).collect(),
        maintainer: plugin.maintainer.and_then(|account| account.name).unwrap_or_default(),
        owners: plugin.owners.into_iter().filter_map(|owner| owner.name).collect(),
        trouble,
        frame,
    })
}

#[cfg(test)]
mod tests {
    use super::super::side::lasso;
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn what_was_typed_does_nothing_and_is_still_there() {
        for form in ["details", "renaming", "maintainer"] {
            let page = EditPage {
                frame: testing::frame(Part::Publish),
                side: lasso(Menu::Edit),
                tags: HOSTILE.into(),
                tags_max: 30,
                server: true,
                renaming: true,
                previous: vec![(HOSTILE.into(), Day("2026-03-04T05:06:07Z".parse().unwrap()))],
                maintainer: HOSTILE.into(),
                owners: vec![HOSTILE.into()],
                trouble: Trouble::said(form, HOSTILE),
            };
            let html = page.render().unwrap();
            testing::is_tame(&html);
            assert_eq!(html.matches("role=\"alert\"").count(), 1, "{form}: {html}");
        }
    }

    #[test]
    fn tags_are_read_between_commas() {
        assert_eq!(tags_of(" draw, rope ,,"), ["draw", "rope"]);
        assert!(tags_of("").is_empty());
    }
}
