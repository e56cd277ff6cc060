//! Who is asking: an `Authorization` header or a session's cookie made into an [`Actor`]. Whether they may is the decider's question.

use crate::App;
use crate::client::Address;
use crate::problem::Problem;
use crate::request_id::RequestId;
use crate::session;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cairn_commands::secret::PluginToken;
use cairn_commands::{Fault, SignIn};
use cairn_domain::{Actor, Refusal};
use std::net::IpAddr;

/// The longest `Authorization` header that is looked at, in bytes.
pub(crate) const AUTHORIZATION_BYTES_MAX: usize = 8 * 1024;

/// Who is asking; [`Actor::Anonymous`] without a header. A header that does not hold is refused, never ignored; a session that
/// ended is nobody's.
#[derive(Debug, Clone, Copy)]
pub struct Asking(pub Actor);

impl FromRequestParts<App> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let request = RequestId::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let Address(from) =
            Address::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let actor = actor_of_request(app, &parts.headers, from).await;
        actor.map(Self).map_err(|fault| Problem::of(fault, &request))
    }
}

/// Who these headers are from, as things are now.
pub(crate) async fn actor_of_request(app: &App, headers: &HeaderMap, from: IpAddr) -> Result<Actor, Fault> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        let signed = session::signed(app, headers).await?;
        return Ok(signed.map_or(Actor::Anonymous, |signed| Actor::Account { account: signed.account }));
    };
    let text = header.to_str().ok().filter(|text| text.len() <= AUTHORIZATION_BYTES_MAX);
    actor_of(app, text.ok_or(Refusal::WrongCredentials)?, from).await
}

/// `Bearer <plugin token or access token>` or `Basic <name:password, or anything:plugin token>`.
async fn actor_of(app: &App, header: &str, from: IpAddr) -> Result<Actor, Fault> {
    let (scheme, value) = header.split_once(' ').unwrap_or((header, ""));
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        bearer(app, value).await
    } else if scheme.eq_ignore_ascii_case("basic") {
        basic(&app.sign_in, value, from).await
    } else {
        Err(Refusal::invalid("authorization", "send Bearer or Basic credentials").into())
    }
}

async fn bearer(app: &App, token: &str) -> Result<Actor, Fault> {
    if token.starts_with(PluginToken::PREFIX) {
        return app.sign_in.by_token(&token.parse()?).await;
    }
    let (account, _) = app.access_tokens.account(&app.commands, token).await?;
    Ok(Actor::Account { account })
}

async fn basic(sign_in: &SignIn, value: &str, from: IpAddr) -> Result<Actor, Fault> {
    let bytes = STANDARD.decode(value).map_err(|_| Refusal::WrongCredentials)?;
    let text = String::from_utf8(bytes).map_err(|_| Refusal::WrongCredentials)?;
    let (name, password) = text.split_once(':').ok_or(Refusal::WrongCredentials)?;
    if password.starts_with(PluginToken::PREFIX) {
        return sign_in.by_token(&password.parse()?).await;
    }
    let account = sign_in.by_password(name, password, from).await?;
    Ok(Actor::Account { account })
}
