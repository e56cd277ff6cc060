//! Second factors: what an account has, adding and removing, recovery codes, and the step at signing in.

mod app;
mod codes;
mod manage;
pub(super) mod me;
mod passkey;
mod remove;
mod shown;
mod step;

use crate::frame::{Frame, Part};
use crate::page::page_with;
use crate::text::Day;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cairn_api::problem::{Problem, status_of};
use cairn_api::{Address, App, POSITION, RequestId, session};
use cairn_commands::factor::{FactorNote, FactorSummary, PasskeyBegun, Proof};
use cairn_commands::{Done, Fault};
use cairn_domain::account::FactorSort;
use cairn_domain::ids::FactorId;
use me::Me;
use serde_json::json;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/second-factor", get(manage::show))
        .route("/account/second-factor/app", post(app::begin))
        .route("/account/second-factor/app/{ceremony}", get(app::show).post(app::confirm))
        .route("/account/second-factor/passkey", get(passkey::show).post(passkey::finish))
        .route("/account/second-factor/passkey/ask", post(passkey::ask))
        .route("/account/second-factor/codes", post(codes::make))
        .route("/account/second-factor/ask", post(remove::ask))
        .route("/account/second-factor/{factor}/remove", get(remove::show).post(remove::remove))
        .route("/account/sign-in/second-factor", get(step::show).post(step::take))
        .route("/account/sign-in/second-factor/ask", post(step::ask))
}

/// A second factor in a table.
struct Row {
    id: String,
    label: String,
    sort: &'static str,
    added_at: Day,
    last_used_at: Option<Day>,
}

/// What an account has.
struct Summary {
    factors: Vec<Row>,
    codes_left: u8,
}

impl From<FactorNote> for Row {
    fn from(note: FactorNote) -> Self {
        let sort = match note.sort {
            FactorSort::Totp => "App",
            FactorSort::Passkey => "Passkey",
        };
        Self {
            id: note.factor.to_string(),
            label: note.label,
            sort,
            added_at: Day(note.added_at),
            last_used_at: note.last_used_at.map(Day),
        }
    }
}

impl From<FactorSummary> for Summary {
    fn from(summary: FactorSummary) -> Self {
        let codes_left = summary.recovery_codes_left;
        Self { factors: summary.factors.into_iter().map(Row::from).collect(), codes_left }
    }
}

fn frame(app: &App) -> Frame {
    Frame::of(app, Part::Other)
}

/// A page that nothing keeps: it has a key or codes on it, or asks for one.
pub(super) fn secret_page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page_with(status, template);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The sentence and status for a form that is shown again; what is our fault is answered as such.
pub(super) fn told(fault: Fault, request: &RequestId) -> Result<(StatusCode, String), Problem> {
    match fault {
        Fault::Refused(refusal) => {
            Ok((status_of(refusal.kind()), crate::problem_page::sentence(&refusal.to_string())))
        }
        other => Err(Problem::of(other, request)),
    }
}

/// After a factor was added. The first one ended all sessions, this browser's too: who has just shown the factor gets a new
/// one.
async fn opened(
    app: &App,
    me: &Me,
    done: Done<FactorId>,
    headers: &HeaderMap,
    address: Address,
    request: &RequestId,
) -> Result<Response, Problem> {
    let mut response = Redirect::to(&format!("{}/account/second-factor/", frame(app).root)).into_response();
    let mut position = done.position;
    let fault = |fault| Problem::of(fault, request);
    if session::signed(app, headers).await.map_err(fault)?.is_none() {
        let proof = Proof::JustAdded { factor: done.answer };
        let device = session::device(app, headers, address);
        let new = app.sign_in.open_session(me.0, Some(proof), device).await.map_err(fault)?;
        session::give(&app.settings.base_url, response.headers_mut(), &new.secret);
        position = new.position;
    }
    Ok(at(position, response))
}

/// The question for the script that asks the browser for a passkey.
#[expect(clippy::needless_pass_by_value, reason = "it ends a chain of results")]
fn asked(begun: PasskeyBegun) -> Response {
    let document = json!({ "ceremony": begun.ceremony, "options": begun.options });
    ([(header::CACHE_CONTROL, "no-store")], Json(document)).into_response()
}

/// An answer that tells how far the log must be read to see the deed.
pub(super) fn at(position: u64, mut response: Response) -> Response {
    response.headers_mut().insert(POSITION, HeaderValue::from(position));
    response
}
