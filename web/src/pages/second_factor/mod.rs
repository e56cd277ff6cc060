//! Second factors: what an account has, adding and removing, recovery codes, and the step at signing in.

mod app;
mod codes;
mod manage;
pub(super) mod me;
mod passkey;
mod remove;
mod shown;
mod step;

use crate::ask::{Ask, refused};
use crate::documents::{SecondFactorsPage, second_factors_page};
use crate::frame::{Frame, Part};
use crate::page::page_with;
use crate::problem_page::sentence;
use crate::text::Day;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cairn_api::problem::{Problem, status_of};
use cairn_api::session::give;
use cairn_api::{App, POSITION};
use cairn_domain::Refusal;
use second_factors_page::{FactorSort, SecondFactorsPageMeSecondFactorsFactors as FactorTold};
use serde_json::{Value, json};

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
    sort: Sort,
    added_at: Day,
    last_used_at: Option<Day>,
}

/// What a second factor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    App,
    Passkey,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Passkey => "Passkey",
        }
    }
}

/// What an account has.
struct Summary {
    factors: Vec<Row>,
    codes_left: u64,
    /// Whether this site can have passkeys.
    passkeys: bool,
}

impl From<FactorTold> for Row {
    fn from(told: FactorTold) -> Self {
        let sort = if told.sort == FactorSort::PASSKEY { Sort::Passkey } else { Sort::App };
        Self {
            id: told.factor_id,
            label: told.label,
            sort,
            added_at: Day(told.added_at),
            last_used_at: told.last_used_at.map(Day),
        }
    }
}

impl Summary {
    /// Of the account that asks.
    async fn look(ask: &Ask) -> Result<Self, Problem> {
        let told = ask.query::<SecondFactorsPage>(second_factors_page::Variables {}).await?;
        let mine = told.me.and_then(|me| me.second_factors).ok_or(Refusal::Unauthenticated)?;
        Ok(Self {
            codes_left: mine.recovery_codes_left,
            factors: mine.factors.into_iter().map(Row::from).collect(),
            passkeys: told.site.features.passkeys,
        })
    }

    fn has(&self, sort: Sort) -> bool {
        self.factors.iter().any(|factor| factor.sort == sort)
    }
}

fn frame(ask: &Ask) -> Frame {
    ask.frame(Part::Other)
}

/// A page that nothing keeps: it has a key or codes on it, or asks for one.
pub(super) fn secret_page(status: StatusCode, template: &impl Template) -> Response {
    let mut response = page_with(status, template);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The sentence and status for a form that is shown again; what is our fault is answered as such.
pub(super) fn told(problem: Problem) -> Result<(StatusCode, String), Problem> {
    let refusal = refused(problem)?;
    Ok((status_of(refusal.kind()), sentence(&refusal.to_string())))
}

/// After a factor was added. The first one ended all sessions, this browser's too: who has just shown the factor got a new
/// one, which this continues.
fn opened(ask: &Ask, secret: Option<&str>, position: Option<u64>) -> Response {
    let mut response = ask.go("/account/second-factor/", None, position);
    if let Some(secret) = secret {
        give(&ask.app.settings.base_url, response.headers_mut(), secret);
    }
    response
}

/// The question for the script that asks the browser for a passkey.
#[expect(clippy::needless_pass_by_value, reason = "it is given away by whoever was asked")]
fn asked(ceremony: String, options: Value) -> Response {
    let document = json!({ "ceremony": ceremony, "options": options });
    ([(header::CACHE_CONTROL, "no-store")], Json(document)).into_response()
}

/// An answer that tells how far the log must be read to see the deed.
pub(super) fn at(position: Option<u64>, mut response: Response) -> Response {
    if let Some(position) = position {
        response.headers_mut().insert(POSITION, HeaderValue::from(position));
    }
    response
}
