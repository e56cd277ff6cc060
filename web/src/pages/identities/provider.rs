//! `/account/oidc/NAME/start/` and `/account/oidc/NAME/callback/`: to a provider and back.

use super::{at, go, secret_page, told};
use crate::frame::{Frame, Part, path_part};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::oidc::{BEGUN_LIFE, CameBack, Wish};
use cairn_api::problem::Problem;
use cairn_api::session::{Cookie, device, give, give_pending, signed};
use cairn_api::{Address, App, RequestId};
use cairn_commands::Fault;
use cairn_commands::link::{Link, LinkSort};
use cairn_commands::sign_in::{SignedIn, Subject};
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use serde::Deserialize;

/// The page between here and the provider. A form may not lead to another site, so the page leads there itself.
#[derive(Template)]
#[template(path = "identities/leave.html")]
struct LeavePage {
    frame: Frame,
    title: String,
    authorize_url: String,
}

/// Why nobody was signed in.
#[derive(Template)]
#[template(path = "identities/refused.html")]
struct RefusedPage {
    frame: Frame,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct StartForm {
    /// Link the identity to the account that is signed in.
    link: Option<String>,
    /// The text of the link in an invitation.
    invitation: Option<String>,
    next: Option<String>,
}

pub(super) async fn start(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    request: RequestId,
    Form(form): Form<StartForm>,
) -> Result<Response, Problem> {
    match begin(&app, &name, form, &headers).await {
        Ok(response) => Ok(response),
        Err(fault) => refused(&app, fault, &request),
    }
}

async fn begin(app: &App, name: &str, form: StartForm, headers: &HeaderMap) -> Result<Response, Fault> {
    let link = match form.link {
        Some(_) => Some(signed(app, headers).await?.ok_or(Refusal::Unauthenticated)?.account),
        None => None,
    };
    let invitation = form.invitation.filter(|text| !text.is_empty());
    let invitation = invitation.map(|text| app.links.read(LinkSort::SignUp, &text)).transpose()?;
    let wish = Wish { link, invitation: invitation.map(Link::challenge), next: form.next };
    let started = app.providers.begin(name, wish, app.clock.now()).await?;
    let known = app.providers.all().iter().find(|known| known.name == name);
    let page = LeavePage {
        frame: frame_of(app),
        title: known.map_or(name, |known| known.title.as_str()).to_owned(),
        authorize_url: started.authorize_url.to_string(),
    };
    let mut response = secret_page(StatusCode::OK, &page);
    let line = Cookie::Pending.set(&app.settings.base_url, &started.sealed, BEGUN_LIFE);
    response.headers_mut().append(SET_COOKIE, line);
    Ok(response)
}

pub(super) async fn callback(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(back): Query<CameBack>,
    headers: HeaderMap,
    address: Address,
    request: RequestId,
) -> Result<Response, Problem> {
    match arrive(&app, &name, &back, &headers, address).await {
        Ok(response) => Ok(response),
        Err(fault) => {
            let mut response = refused(&app, fault, &request)?;
            // What was begun is over, whatever came of it.
            let line = Cookie::Pending.cleared(&app.settings.base_url);
            response.headers_mut().append(SET_COOKIE, line);
            Ok(response)
        }
    }
}

async fn arrive(
    app: &App,
    name: &str,
    back: &CameBack,
    headers: &HeaderMap,
    address: Address,
) -> Result<Response, Fault> {
    let subjects = [Subject::Address(address.0)];
    app.sign_in.limiter().admit(&subjects).await?;
    let sealed = Cookie::Pending.of(&app.settings.base_url, headers);
    let arrived = match app.providers.finish(name, sealed, back, app.clock.now()).await {
        Err(refusal @ Refusal::IdentityRefused { .. }) => {
            app.sign_in.limiter().failed(&subjects).await?;
            return Err(refusal.into());
        }
        other => other?,
    };
    let identities = app.sign_in.identities();
    if let Some(account) = arrived.wish.link {
        // The session may have ended meanwhile, or be another's.
        let signed = signed(app, headers).await?.filter(|signed| signed.account == account);
        signed.ok_or(Refusal::Unauthenticated)?;
        identities.link(account, &arrived.vouched).await?;
        let mut response = go(&frame_of(app), "/account/identities/");
        let line = Cookie::Pending.cleared(&app.settings.base_url);
        response.headers_mut().append(SET_COOKIE, line);
        return Ok(response);
    }
    let account = identities.arrive(&arrived.vouched, arrived.registers).await?;
    next_step(app, account, arrived.wish.next.as_deref(), headers, address).await
}

/// A session, or first the second factor.
async fn next_step(
    app: &App,
    account: AccountId,
    next: Option<&str>,
    headers: &HeaderMap,
    address: Address,
) -> Result<Response, Fault> {
    let frame = frame_of(app);
    match app.sign_in.next_step(account).await? {
        SignedIn::Done(account) => {
            let new = app.sign_in.open_session(account, None, device(app, headers, address)).await?;
            let mut response = Redirect::to(&frame.go_on(next)).into_response();
            give(&app.settings.base_url, response.headers_mut(), &new.secret.reveal());
            Ok(at(Some(new.position), response))
        }
        SignedIn::FactorNeeded(pending) => {
            let text = app.sign_in.hand_out(&pending).await?;
            let query = next.map(|next| format!("?next={}", path_part(next))).unwrap_or_default();
            let mut response = go(&frame, &format!("/account/sign-in/second-factor/{query}"));
            give_pending(&app.settings.base_url, response.headers_mut(), &text);
            Ok(response)
        }
    }
}

fn refused(app: &App, fault: Fault, request: &RequestId) -> Result<Response, Problem> {
    let (status, problem) = told(Problem::of(fault, request))?;
    Ok(secret_page(status, &RefusedPage { frame: frame_of(app), problem: Some(problem) }))
}

fn frame_of(app: &App) -> Frame {
    Frame::of(app, Part::Account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn the_way_to_a_provider_is_an_address_and_nothing_else() {
        let page = LeavePage {
            frame: testing::frame(Part::Account),
            title: HOSTILE.into(),
            authorize_url: format!("https://idp.example.org/?a=b&c={HOSTILE}"),
        };
        let html = page.render().unwrap();
        testing::is_tame(&html);
        assert!(
            html.contains("http-equiv=\"refresh\"") && html.contains("https://idp.example.org/?a=b&#38;c="),
            "{html}"
        );
    }

    #[test]
    fn a_refusal_tells_the_way_back() {
        let page = RefusedPage { frame: testing::frame(Part::Account), problem: Some(HOSTILE.into()) };
        let html = page.render().unwrap();
        testing::is_tame(&html);
        assert!(html.contains("/qgis/account/sign-in/") && html.contains("role=\"alert\""), "{html}");
    }
}
