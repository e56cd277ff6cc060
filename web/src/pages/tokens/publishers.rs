//! `/plugins/<package>/publishers/…`: names a trusted publisher, and removes one after asking.

use super::list::{ListPage, PublisherRow, look};
use super::{back_to_list, id_in_path, private_page, side_of, told};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_commands::publisher::{NamePublisher, RemovePublisher};
use cairn_commands::{Done, Fault};
use cairn_domain::Refusal;
use cairn_domain::ids::PublisherId;
use cairn_domain::names::PackageName;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tokens/remove_publisher.html")]
struct RemovePage {
    frame: Frame,
    side: Option<Side>,
    package: String,
    publisher: PublisherRow,
}

#[derive(Deserialize)]
pub(super) struct NameForm {
    issuer: String,
    repository: String,
    workflow: String,
    environment: Option<String>,
    ref_pattern: Option<String>,
    may_approve: Option<String>,
}

/// Nothing happens without `delete_confirm`, as on the other pages that end something.
#[derive(Deserialize)]
pub(super) struct RemoveForm {
    delete_confirm: Option<String>,
}

pub(super) async fn name(
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path(package): Path<String>,
    request: RequestId,
    Form(form): Form<NameForm>,
) -> Result<Response, Problem> {
    let package: PackageName = package.parse()?;
    match try_to(&app, &me, &package, &form).await {
        Ok(done) => Ok(back_to_list(&app, package.as_str(), done.position)),
        Err(fault) => {
            let (status, problem) = told(fault, &request)?;
            let page = look(&app, &me, &package, Some(problem)).await;
            let page = page.map_err(|fault| Problem::of(fault, &request))?;
            let side = side_of(&ask, package.as_str()).await?;
            Ok(private_page(status, &ListPage { side, ..page }))
        }
    }
}

async fn try_to(
    app: &App,
    me: &Me,
    package: &PackageName,
    form: &NameForm,
) -> Result<Done<PublisherId>, Fault> {
    let workflow = app.publishing.workflow(
        &form.issuer,
        &form.repository,
        &form.workflow,
        form.environment.as_deref(),
        form.ref_pattern.as_deref(),
    )?;
    let publisher = PublisherId(app.commands.ids().v4());
    let may_approve = form.may_approve.is_some();
    let command = NamePublisher { publisher, package: package.clone(), workflow, may_approve };
    app.commands.send(&command, me.actor(), None).await
}

pub(super) async fn ask(
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path((package, publisher)): Path<(String, String)>,
    request: RequestId,
) -> Result<Response, Problem> {
    let publisher: PublisherId = id_in_path(&publisher)?;
    let list = look(&app, &me, &package.parse()?, None).await;
    let list = list.map_err(|fault| Problem::of(fault, &request))?;
    let publisher = publisher.to_string();
    let found = list.publishers.into_iter().find(|row| row.id == publisher);
    let publisher = found.ok_or(Refusal::PublisherUnknown)?;
    let side = side_of(&ask, &list.package).await?;
    let page = RemovePage { frame: list.frame, side, package: list.package, publisher };
    Ok(private_page(StatusCode::OK, &page))
}

pub(super) async fn remove(
    State(app): State<App>,
    me: Me,
    Path((package, publisher)): Path<(String, String)>,
    request: RequestId,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let (package, publisher): (PackageName, PublisherId) = (package.parse()?, id_in_path(&publisher)?);
    if form.delete_confirm.is_none() {
        let list = super::list_path(&super::frame(&app), package.as_str());
        return Ok(Redirect::to(&list).into_response());
    }
    let command = RemovePublisher { package: package.clone(), publisher };
    let done = app.commands.send(&command, me.actor(), None).await;
    let done = done.map_err(|fault| Problem::of(fault, &request))?;
    Ok(back_to_list(&app, package.as_str(), done.position))
}
