//! `/account/identities/`: which identities sign in to one's account.

use super::{Button, Me, buttons, frame, go, secret_page, told};
use crate::frame::Frame;
use crate::text::Day;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{Address, App, RequestId};
use cairn_commands::Fault;
use cairn_commands::identity::UnlinkIdentity;
use cairn_domain::Refusal;
use cairn_store::vault::{self, IdentityRow};
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

pub(super) async fn show(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let page = look(&app, &me, None).await.map_err(|fault| Problem::of(fault, &request))?;
    Ok(secret_page(StatusCode::OK, &page))
}

/// Links whoever has this name and password in the directory.
pub(super) async fn link_directory(
    State(app): State<App>,
    me: Me,
    address: Address,
    request: RequestId,
    Form(form): Form<Credentials>,
) -> Result<Response, Problem> {
    let outcome = async {
        let vouched = app.sign_in.vouched(form.name.trim(), &form.password, address.0).await?;
        app.sign_in.identities().link(me.0, &vouched).await
    };
    done(&app, &me, outcome.await, &request).await
}

pub(super) async fn unlink(
    State(app): State<App>,
    me: Me,
    Path(identity): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    let outcome = async {
        let identity = identity.parse().map_err(|_| Refusal::NothingHere)?;
        let unlink = UnlinkIdentity { account: me.0, identity };
        app.commands.send(&unlink, me.actor(), None).await.map(drop)
    };
    done(&app, &me, outcome.await, &request).await
}

async fn done(
    app: &App,
    me: &Me,
    outcome: Result<(), Fault>,
    request: &RequestId,
) -> Result<Response, Problem> {
    let Err(fault) = outcome else { return Ok(go(&frame(app), "/account/identities/")) };
    let (status, problem) = told(fault, request)?;
    let page = look(app, me, Some(problem)).await.map_err(|fault| Problem::of(fault, request))?;
    Ok(secret_page(status, &page))
}

async fn look(app: &App, me: &Me, problem: Option<String>) -> Result<ManagePage, Fault> {
    let mut conn = app.projections.db().read().await?;
    let rows = vault::identities_of(&mut conn, me.0.0).await?;
    let row = |row: IdentityRow| Row {
        title: app.providers.title_of(&row.issuer).to_owned(),
        identity: row.identity,
        label: row.label,
        linked_at: Day(row.linked_at),
    };
    Ok(ManagePage {
        frame: frame(app),
        identities: rows.into_iter().map(row).collect(),
        providers: buttons(app),
        directory: app.providers.directory_title().map(str::to_owned),
        problem,
    })
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
