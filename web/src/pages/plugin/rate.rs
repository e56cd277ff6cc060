//! A vote: the form on the page of a plugin.

use crate::ask::{Ask, refused};
use crate::documents::{RatePlugin, rate_plugin};
use crate::done::Done;
use crate::pages::second_factor::me::Me;
use crate::problem_page::sentence;
use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::post;
use cairn_api::App;
use cairn_api::problem::Problem;
use serde::Deserialize;

/// The route of the form.
pub(in crate::pages) fn routes() -> Router<App> {
    Router::new().route("/plugins/{package}/rate", post(rate))
}

/// What the form sends: 1 to 5, or nothing if none was chosen.
#[derive(Deserialize)]
struct Vote {
    score: Option<i64>,
}

/// Whoever is not signed in is sent to do that first: a vote in the browser is a person's.
async fn rate(
    ask: Ask,
    _me: Me,
    Path(package): Path<String>,
    Form(vote): Form<Vote>,
) -> Result<Response, Problem> {
    let variables =
        rate_plugin::Variables { package: package.clone(), score: vote.score.unwrap_or_default() };
    match ask.deed::<RatePlugin>(variables).await {
        Ok(told) => Ok(ask.go(&format!("/plugins/{package}/"), Some(Done::Rated), told.position)),
        Err(problem) => {
            let status = problem.status();
            let refusal = refused(problem)?;
            let mut page =
                super::shown(&ask, package, super::USUAL, Some(sentence(&refusal.to_string()))).await?;
            *page.status_mut() = status;
            Ok(page)
        }
    }
}
