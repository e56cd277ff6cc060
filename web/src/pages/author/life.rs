//! `/plugins/<package>/{deprecate,undeprecate,delete,restore}/`: advises against a plugin, hides it, brings it back.

use super::deeds::{Deed, carry_out};
use super::side::{Menu, Side, ours, side_of};
use super::{Trouble, private, typed};
use crate::ask::Ask;
use crate::documents::{
    DeprecatePlugin, LifePage as Question, MarkForDeletion, RestorePlugin, UndeprecatePlugin,
    deprecate_plugin, life_page, mark_for_deletion, restore_plugin, undeprecate_plugin,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::pages::second_factor::me::Me;
use crate::text::Count;
use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

side_of!(life_page);

#[derive(Template)]
#[template(path = "author/deprecate.html")]
struct DeprecatePage {
    frame: Frame,
    side: Side,
    reason: String,
    successor: String,
    trouble: Trouble,
}

#[derive(Template)]
#[template(path = "author/delete.html")]
struct DeletePage {
    frame: Frame,
    side: Side,
    downloads: Count,
    reason: String,
    trouble: Trouble,
}

#[derive(Deserialize)]
pub(super) struct DeprecateForm {
    reason: String,
    successor: String,
}

#[derive(Deserialize)]
pub(super) struct DeleteForm {
    /// The package name, typed again, so that it is not done by a slip of the hand.
    delete_confirm: Option<String>,
    reason: Option<String>,
}

pub(super) async fn show_deprecate(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
) -> Result<Response, Problem> {
    let page = deprecate_page(&ask, &package, Trouble::none()).await?;
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn deprecate(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<DeprecateForm>,
) -> Result<Response, Problem> {
    let input = deprecate_plugin::DeprecatePluginInput {
        package: package.clone(),
        reason: typed(&form.reason),
        successor: typed(&form.successor),
        idempotency_key: None,
    };
    let deed = deed(&package, "deprecate", Done::Deprecated);
    match carry_out::<DeprecatePlugin>(&ask, deprecate_plugin::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let mut page = deprecate_page(&ask, &package, trouble).await?;
            (page.reason, page.successor) = (form.reason, form.successor);
            Ok(private(page.trouble.status(), &page))
        }
    }
}

pub(super) async fn undeprecate(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let input = undeprecate_plugin::PluginInput { package: package.clone(), idempotency_key: None };
    let deed = deed(&package, "deprecate", Done::Undeprecated);
    match carry_out::<UndeprecatePlugin>(&ask, undeprecate_plugin::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let page = deprecate_page(&ask, &package, trouble).await?;
            Ok(private(page.trouble.status(), &page))
        }
    }
}

pub(super) async fn show_delete(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let page = delete_page(&ask, &package, Trouble::none()).await?;
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn delete(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Problem> {
    let reason = form.reason.unwrap_or_default();
    let trouble = if form.delete_confirm.is_some_and(|word| word.trim() == package) {
        let input = mark_for_deletion::DeletePluginInput {
            package: package.clone(),
            reason: typed(&reason),
            idempotency_key: None,
        };
        let deed = Deed { form: "deed", to: "/plugins/my/".into(), done: Done::MarkedForDeletion };
        match carry_out::<MarkForDeletion>(&ask, mark_for_deletion::Variables { input }, deed).await? {
            Ok(response) => return Ok(response),
            Err(trouble) => trouble,
        }
    } else {
        Trouble::said("deed", format!("Type {package} to delete this plugin."))
    };
    let mut page = delete_page(&ask, &package, trouble).await?;
    page.reason = reason;
    Ok(private(page.trouble.status(), &page))
}

pub(super) async fn restore(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let input = restore_plugin::PluginInput { package: package.clone(), idempotency_key: None };
    let deed = deed(&package, "versions", Done::Restored);
    match carry_out::<RestorePlugin>(&ask, restore_plugin::Variables { input }, deed).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            let page = delete_page(&ask, &package, trouble).await?;
            Ok(private(page.trouble.status(), &page))
        }
    }
}

fn deed(package: &str, page: &str, done: Done) -> Deed {
    Deed { form: "deed", to: format!("/plugins/{}/{page}/", path_part(package)), done }
}

async fn question(ask: &Ask, package: &str) -> Result<life_page::LifePagePlugin, Problem> {
    let told = ask.query::<Question>(life_page::Variables { package: package.to_owned() }).await?;
    ours(told.plugin, |plugin| &plugin.side, package)
}

async fn deprecate_page(ask: &Ask, package: &str, trouble: Trouble) -> Result<DeprecatePage, Problem> {
    let plugin = question(ask, package).await?;
    let frame = ask.frame(Part::Publish);
    let side = Side::from((&frame, plugin.side, Menu::Deprecate));
    let (reason, successor) = side.deprecated.clone().unwrap_or_default();
    let (reason, successor) = (reason.unwrap_or_default(), successor.unwrap_or_default());
    Ok(DeprecatePage { frame, side, reason, successor, trouble })
}

async fn delete_page(ask: &Ask, package: &str, trouble: Trouble) -> Result<DeletePage, Problem> {
    let plugin = question(ask, package).await?;
    let frame = ask.frame(Part::Publish);
    let downloads = Count(plugin.downloads);
    let side = Side::from((&frame, plugin.side, Menu::Delete));
    Ok(DeletePage { frame, side, downloads, reason: String::new(), trouble })
}

#[cfg(test)]
mod tests {
    use super::super::side::lasso;
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn deletion(side: Side) -> String {
        let trouble = Trouble::said("deed", HOSTILE);
        let (frame, reason) = (testing::frame(Part::Publish), HOSTILE.to_owned());
        DeletePage { frame, side, downloads: Count(3), reason, trouble }.render().unwrap()
    }

    #[test]
    fn what_was_typed_does_nothing() {
        let deprecate = DeprecatePage {
            frame: testing::frame(Part::Publish),
            side: lasso(Menu::Deprecate),
            reason: HOSTILE.into(),
            successor: HOSTILE.into(),
            trouble: Trouble::said("deed", HOSTILE),
        };
        testing::is_tame(&deprecate.render().unwrap());
        testing::is_tame(&deletion(lasso(Menu::Delete)));
        testing::is_tame(&deletion(Side { deleted: None, ..lasso(Menu::Delete) }));
    }

    #[test]
    fn deleting_wants_the_package_name_and_restoring_a_button() {
        let (living, marked, gone) = (
            deletion(Side { deleted: None, ..lasso(Menu::Delete) }),
            deletion(lasso(Menu::Delete)),
            deletion(Side { deleted: Some(None), ..lasso(Menu::Delete) }),
        );
        assert!(living.contains("name=\"delete_confirm\""), "{living}");
        let restore = "action=\"/qgis/plugins/lasso/restore/\"";
        assert!(marked.contains(restore) && !marked.contains("delete_confirm"), "{marked}");
        assert!(!gone.contains(restore) && !gone.contains("delete_confirm"), "{gone}");
    }
}
