//! Files that waiting versions had before others took their places: for staff, who may have to look at them again.

use crate::App;
use crate::actor::Asking;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_commands::Fault;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::{Actor, Refusal};
use cairn_projections::catalogue::{self, ReplacedFile};

/// Where a replaced file is, below the base address.
pub(crate) fn replaced_path(package: &PackageName, sha256: &Sha256) -> String {
    format!("/plugins/{package}/replaced/{sha256}/")
}

/// `/plugins/<package>/replaced/<sha256>`. For all but staff there is nothing here. It counts as no download.
pub(crate) async fn download(
    State(app): State<App>,
    Path((package, sha256)): Path<(String, String)>,
    request: RequestId,
    asking: Asking,
) -> Result<Response, Problem> {
    let found = find(&app, &package, &sha256, asking.0).await;
    let (package, file) = found.map_err(|fault| Problem::of(fault, &request))?;
    let name = format!("attachment; filename=\"{package}-{}-replaced.zip\"", file.number);
    let stream = app.blobs.stream(&file.sha256.to_string(), None).await;
    let body = Body::from_stream(stream.map_err(|fault| Problem::store(fault, &request))?);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).expect("package and version are plain ASCII"),
        ),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size_bytes)),
    ];
    Ok((headers, body).into_response())
}

async fn find(
    app: &App,
    package: &str,
    sha256: &str,
    actor: Actor,
) -> Result<(PackageName, ReplacedFile), Fault> {
    let nothing = || Fault::from(Refusal::NothingHere);
    let package: PackageName = package.parse().map_err(|_| nothing())?;
    let sha256: Sha256 = sha256.parse().map_err(|_| nothing())?;
    if actor.account().is_none() || !app.sign_in.may_act(actor).await?.staff {
        return Err(nothing());
    }
    let mut read = app.projections.read().await?;
    let plugin = catalogue::plugin_by_package(&mut read, &package).await?.ok_or_else(nothing)?;
    let files = catalogue::replaced_files_of(&mut read, &[plugin.id]).await?.remove(&plugin.id);
    let file = files.unwrap_or_default().into_iter().find(|file| file.sha256 == sha256);
    Ok((package, file.ok_or_else(nothing)?))
}
