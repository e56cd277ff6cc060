//! `/account/second-factor/codes/`: new recovery codes, shown this once.

use super::me::Me;
use super::{at, frame, secret_page};
use crate::ask::Ask;
use crate::documents::{MakeRecoveryCodes, make_recovery_codes};
use crate::frame::Frame;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;

#[derive(Template)]
#[template(path = "second_factor/codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
}

pub(super) async fn make(ask: Ask, _me: Me) -> Result<Response, Problem> {
    let told = ask.deed::<MakeRecoveryCodes>(make_recovery_codes::Variables {}).await?;
    let codes = told.data.make_recovery_codes.codes;
    let page = secret_page(StatusCode::OK, &CodesPage { frame: frame(&ask), codes });
    Ok(at(told.position, page))
}
