//! `/plugins/<package>/publishers/…`: names a trusted publisher, and removes one after asking.

use super::list::{ListPage, PublisherRow, look};
use super::{back_to_list, id_in_path, private_page, side_of, told};
use crate::ask::Ask;
use crate::documents::{NamePublisher, RemovePublisher, name_publisher, remove_publisher};
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use askama::Template;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
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
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(form): Form<NameForm>,
) -> Result<Response, Problem> {
    let package: PackageName = package.parse()?;
    let input = name_publisher::NamePublisherInput {
        package: package.to_string(),
        issuer: form.issuer,
        repository: form.repository,
        workflow: form.workflow,
        environment: form.environment,
        ref_pattern: form.ref_pattern,
        may_approve: form.may_approve.is_some(),
        idempotency_key: None,
    };
    match ask.deed::<NamePublisher>(name_publisher::Variables { input }).await {
        Ok(told) => Ok(back_to_list(&ask, &package, told.position)),
        Err(problem) => {
            let (status, problem) = told(problem)?;
            let page = look(&ask, &package, Some(problem)).await?;
            let side = side_of(&ask, package.as_str()).await?;
            Ok(private_page(status, &ListPage { side, ..page }))
        }
    }
}

pub(super) async fn ask(
    ask: Ask,
    _me: Me,
    Path((package, publisher)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let publisher: PublisherId = id_in_path(&publisher)?;
    let list = look(&ask, &package.parse()?, None).await?;
    let publisher = publisher.to_string();
    let found = list.publishers.into_iter().find(|row| row.id == publisher);
    let publisher = found.ok_or(Refusal::PublisherUnknown)?;
    let side = side_of(&ask, &list.package).await?;
    let page = RemovePage { frame: list.frame, side, package: list.package, publisher };
    Ok(private_page(StatusCode::OK, &page))
}

pub(super) async fn remove(
    ask: Ask,
    _me: Me,
    Path((package, publisher)): Path<(String, String)>,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let (package, publisher): (PackageName, PublisherId) = (package.parse()?, id_in_path(&publisher)?);
    if form.delete_confirm.is_none() {
        return Ok(back_to_list(&ask, &package, None));
    }
    let input = remove_publisher::RemovePublisherInput {
        package: package.to_string(),
        publisher: publisher.to_string(),
        idempotency_key: None,
    };
    let told = ask.deed::<RemovePublisher>(remove_publisher::Variables { input }).await?;
    Ok(back_to_list(&ask, &package, told.position))
}
