//! The token API: `POST /plugins/api/<package>/version/add/` and `…/version/<version>/update/`, multipart with the zip
//! in the field `package`.

use crate::App;
use crate::actor::Asking;
use crate::position::told;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use cairn_commands::intake::Received;
use cairn_domain::names::PackageName;
use cairn_domain::refusal::Kind;
use cairn_domain::{Actor, Refusal};
use serde_json::{Value, json};

/// Adds a version to the plugin in the address; the first one makes the plugin.
pub(crate) async fn add(
    State(app): State<App>,
    Path(package): Path<String>,
    request_id: RequestId,
    asking: Result<Asking, Problem>,
    request: Request,
) -> Response {
    let outcome = async {
        let (actor, key) = may_upload(&request, asking)?;
        let package: PackageName = package.parse()?;
        let zip = zip_of(&app, request).await?;
        let received = app.intake.add(Some(package), zip, actor, key.as_deref()).await;
        received.map_err(|fault| No::Problem(Problem::of(fault, &request_id)))
    };
    answer(outcome.await)
}

/// Replaces the waiting version in the address.
pub(crate) async fn update(
    State(app): State<App>,
    Path((package, version)): Path<(String, String)>,
    request_id: RequestId,
    asking: Result<Asking, Problem>,
    request: Request,
) -> Response {
    let outcome = async {
        let (actor, key) = may_upload(&request, asking)?;
        let package: PackageName = package.parse()?;
        let zip = zip_of(&app, request).await?;
        let received = app.intake.replace(package, &version, zip, actor, key.as_deref()).await;
        received.map_err(|fault| No::Problem(Problem::of(fault, &request_id)))
    };
    answer(outcome.await)
}

/// Why the token API says no.
enum No {
    Problem(Problem),
    Method,
}

impl<P: Into<Problem>> From<P> for No {
    fn from(problem: P) -> Self {
        Self::Problem(problem.into())
    }
}

/// Credentials before the method, as on the present site: a wrong token learns nothing else.
fn may_upload(request: &Request, asking: Result<Asking, Problem>) -> Result<(Actor, Option<String>), No> {
    let Asking(actor) = asking?;
    if actor == Actor::Anonymous {
        return Err(Refusal::Unauthenticated.into());
    }
    if request.method() != Method::POST {
        return Err(No::Method);
    }
    Ok((actor, idempotency_key(request.headers())?))
}

/// The caller's `Idempotency-Key`, 1 to 255 visible characters.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let good = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    let fault = || Refusal::invalid("Idempotency-Key", "is 1 to 255 visible ASCII characters");
    good.map(|key| Some(key.to_owned())).ok_or_else(fault)
}

/// The bytes of the field `package`; other fields are read past.
async fn zip_of(app: &App, request: Request) -> Result<Bytes, No> {
    let limit = app.settings.limits.package_bytes_max;
    let too_large = || Refusal::TooLarge { what: "the package".into(), limit_bytes: limit as u64 };
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|fault: MultipartRejection| not_readable(&fault.body_text()))?;
    let fault = |fault: axum::extract::multipart::MultipartError| {
        if fault.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            not_readable(&fault.body_text())
        }
    };
    while let Some(field) = form.next_field().await.map_err(fault)? {
        if field.name() == Some("package") {
            let zip = field.bytes().await.map_err(fault)?;
            return if zip.len() > limit { Err(too_large().into()) } else { Ok(zip) };
        }
    }
    Err(Refusal::invalid("package", "send the zip as multipart/form-data in the field `package`").into())
}

fn not_readable(why: &str) -> Refusal {
    Refusal::invalid("package", format!("send the zip as multipart/form-data in the field `package`: {why}"))
}

fn answer(outcome: Result<Received, No>) -> Response {
    match outcome {
        Ok(received) => told(received.done.position, (StatusCode::CREATED, Json(created(&received)))),
        Err(No::Method) => {
            let body = json!({ "success": false, "error": "Method not allowed: send the package by POST" });
            (StatusCode::METHOD_NOT_ALLOWED, [("allow", "POST")], Json(body)).into_response()
        }
        Err(No::Problem(problem)) => refused(problem),
    }
}

/// The present site's words, and ours.
fn created(received: &Received) -> Value {
    let done = &received.done.answer;
    let mut body = json!({
        "success": true,
        "message": format!("{} {} was uploaded", done.package, done.version),
        "package_name": done.package,
        "version": done.version,
        "plugin_id": done.plugin_id,
        "version_id": done.version_id,
        "validation_status": "validated",
        "approved": done.approved,
        "sha256": done.sha256,
        "position": received.done.position,
        "warnings": received.warnings.iter().map(|finding| &finding.message).collect::<Vec<_>>(),
        "findings": received.warnings,
    });
    if !done.approved {
        body["approval_message"] = json!("The version waits for approval; it is not public yet.");
    }
    body
}

/// A problem document that also has the present site's keys. What is wrong with the package is 400 here, as scripts
/// written for that site expect.
fn refused(problem: Problem) -> Response {
    let mut body = problem.document();
    body["success"] = json!(false);
    body["error"] = json!(problem.detail());
    let mut status = problem.status();
    if let Problem::Refused(refusal) = &problem {
        let lines: Vec<String> = match refusal {
            Refusal::PackageRefused { findings } => {
                findings.iter().map(|finding| format!("{}: {}", finding.place, finding.message)).collect()
            }
            other => vec![other.to_string()],
        };
        let field = if matches!(refusal, Refusal::InvalidInput { .. }) { "package" } else { "__all__" };
        if matches!(refusal.kind(), Kind::Unprocessable | Kind::Conflict | Kind::Invalid) {
            status = StatusCode::BAD_REQUEST;
            body["errors"] = json!({ field: lines });
        }
    }
    body["status"] = json!(status.as_u16());
    let headers = problem.into_response().headers().clone();
    let mut response = (status, Json(body)).into_response();
    for (name, value) in &headers {
        if name != axum::http::header::CONTENT_LENGTH {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
