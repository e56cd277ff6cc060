//! `/account/identities/`: which identities sign in to one's account.

use super::{Button, Me, Ways, frame, secret_page, told};
use crate::ask::Ask;
use crate::documents::{
    IdentitiesPage, LinkDirectory, UnlinkIdentity, identities_page, link_directory, unlink_identity,
};
use crate::frame::Frame;
use crate::text::Day;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "identities/manage.html")]
struct ManagePage {
    frame: Frame,
    identities: Vec<Row>,
    providers: Vec<Button>,
    directory: Option<String>,
    problem: Option<String>,
}

/// An identity in a table.
struct Row {
    identity: String,
    title: String,
    label: String,
    linked_at: Day,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: String,
}

pub(super) async fn show(ask: Ask, _me: Me) -> Result<Response, Problem> {
    Ok(secret_page(StatusCode::OK, &look(&ask, None).await?))
}

/// Links whoever has this name and password in the directory.
pub(super) async fn link_directory(
    ask: Ask,
    _me: Me,
    Form(form): Form<Credentials>,
) -> Result<Response, Problem> {
    let input = link_directory::LinkDirectoryInput { name: form.name, password: form.password };
    let outcome = ask.deed::<LinkDirectory>(link_directory::Variables { input }).await;
    done(&ask, outcome.map(|told| told.position)).await
}

pub(super) async fn unlink(ask: Ask, _me: Me, Path(identity): Path<String>) -> Result<Response, Problem> {
    let input = unlink_identity::UnlinkIdentityInput { identity, account: None, idempotency_key: None };
    let outcome = ask.deed::<UnlinkIdentity>(unlink_identity::Variables { input }).await;
    done(&ask, outcome.map(|told| told.position)).await
}

async fn done(ask: &Ask, outcome: Result<Option<u64>, Problem>) -> Result<Response, Problem> {
    match outcome {
        Ok(position) => Ok(ask.go("/account/identities/", None, position)),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            Ok(secret_page(status, &look(ask, Some(problem)).await?))
        }
    }
}

async fn look(ask: &Ask, problem: Option<String>) -> Result<ManagePage, Problem> {
    let told = ask.query::<IdentitiesPage>(identities_page::Variables {}).await?;
    let row = |told: identities_page::IdentitiesPageMeIdentities| Row {
        identity: told.identity,
        title: told.title,
        label: told.label,
        linked_at: Day(told.linked_at),
    };
    let Ways { providers, directory, .. } = told.site.features.into();
    let identities = told.me.map(|me| me.identities).unwrap_or_default();
    let identities = identities.into_iter().map(row).collect();
    Ok(ManagePage { frame: frame(ask), identities, providers, directory, problem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn what_others_are_called_elsewhere_does_nothing() {
        let page = ManagePage {
            frame: testing::frame(Part::Account),
            identities: vec![Row {
                identity: "ab".repeat(32),
                title: HOSTILE.into(),
                label: HOSTILE.into(),
                linked_at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
            }],
            providers: vec![Button { name: "idp".into(), title: HOSTILE.into() }],
            directory: Some(HOSTILE.into()),
            problem: Some(HOSTILE.into()),
        };
        let html = page.render().unwrap();
        testing::is_tame(&html);
        assert!(html.contains("/qgis/account/oidc/idp/start/") && html.contains("/unlink/"), "{html}");
    }

    #[test]
    fn where_nothing_is_configured_nothing_is_offered() {
        let page = ManagePage {
            frame: testing::frame(Part::Account),
            identities: vec![],
            providers: vec![],
            directory: None,
            problem: None,
        };
        let html = page.render().unwrap();
        assert!(!html.contains("<form") && html.contains("no identity provider"), "{html}");
    }
}
