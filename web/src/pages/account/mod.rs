//! One's own account: signing in and out, signing up, proving an address, passwords, sessions, taking data along, leaving.

mod confirm;
mod erase;
mod hub;
mod reset;
mod sessions;
mod settings;
mod sign_in;
mod sign_up;

use super::second_factor::me::Me;
use super::second_factor::{at, secret_page, told};
use crate::ask::Ask;
use crate::frame::{Frame, Part};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use cairn_api::App;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(hub::show))
        .route("/account/data", get(hub::data))
        .route("/account/sign-in", get(sign_in::show).post(sign_in::take))
        .route("/accounts/login", get(sign_in::old_address))
        .route("/account/sign-out", post(sign_in::sign_out))
        .route("/account/sign-up", get(sign_up::show).post(sign_up::take))
        .route("/account/sign-up/{link}", get(sign_up::show_invited).post(sign_up::take_invited))
        .route("/account/confirm/{link}", get(confirm::show).post(confirm::take))
        .route("/account/confirmation", post(confirm::send_again))
        .route("/account/reset", get(reset::show).post(reset::ask))
        .route("/account/reset/{link}", get(reset::show_link).post(reset::set))
        .route("/account/password", get(settings::show_password).post(settings::set_password))
        .route("/account/email", get(settings::show_email).post(settings::set_email))
        .route("/account/sessions", get(sessions::show))
        .route("/account/sessions/end", post(sessions::end_all))
        .route("/account/sessions/{session}/end", post(sessions::end))
        .route("/account/erase", get(erase::show).post(erase::take))
}

fn frame(ask: &Ask) -> Frame {
    ask.frame(Part::Account)
}

/// On to a page of this site; the browser asks for it by GET.
fn go(frame: &Frame, path: &str) -> Response {
    Redirect::to(&format!("{}{path}", frame.root)).into_response()
}

/// What was done, in words, with a way on.
#[derive(askama::Template)]
#[template(path = "account/done.html")]
struct DonePage {
    frame: Frame,
    title: &'static str,
    text: &'static str,
    /// Path below the site, and what the link says.
    on: (&'static str, &'static str),
}

impl DonePage {
    fn response(&self) -> Response {
        secret_page(StatusCode::OK, self)
    }
}
