//! `/account/second-factor/codes/`: new recovery codes, shown this once.

use super::me::Me;
use super::{at, frame, secret_page};
use crate::frame::Frame;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};

#[derive(Template)]
#[template(path = "second_factor/codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
}

pub(super) async fn make(State(app): State<App>, me: Me, request: RequestId) -> Result<Response, Problem> {
    let made = app.factors.make_recovery_codes(me.actor()).await;
    let (done, codes) = made.map_err(|fault| Problem::of(fault, &request))?;
    let codes = codes.iter().map(cairn_commands::factor::RecoveryCode::reveal).collect();
    let page = secret_page(StatusCode::OK, &CodesPage { frame: frame(&app), codes });
    Ok(at(done.position, page))
}
