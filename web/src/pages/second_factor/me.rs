//! Whoever is signed in by a session.

use crate::frame::{Frame, Part};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId, session};
use cairn_domain::ids::{AccountId, SessionId};

/// The account whose session continues with this request. Anybody else is sent to sign in, and back here.
#[derive(Debug, Clone, Copy)]
pub(in crate::pages) struct Me {
    pub(in crate::pages) account: AccountId,
    pub(in crate::pages) session: SessionId,
}

impl FromRequestParts<App> for Me {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let request = RequestId::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        match session::signed(app, &parts.headers).await {
            Ok(Some(signed)) => Ok(Self { account: signed.account, session: signed.session }),
            Ok(None) => {
                let back = (parts.method == Method::GET).then(|| parts.uri.path());
                Err(sign_in_first(&Frame::of(app, Part::Other), back))
            }
            Err(fault) => Err(Problem::of(fault, &request).into_response()),
        }
    }
}

fn sign_in_first(frame: &Frame, back: Option<&str>) -> Response {
    let back =
        back.map(|path| format!("?next={}/", crate::frame::path_part(&format!("{}{path}", frame.root))));
    Redirect::to(&format!("{}/account/sign-in/{}", frame.root, back.unwrap_or_default())).into_response()
}
