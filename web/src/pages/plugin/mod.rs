//! `/plugins/<package>/`: a plugin, its versions, who stands behind it and how to install it.

mod happened;
pub(super) mod rate;
mod shown;

use crate::ask::Ask;
use crate::chart::Beat;
use crate::documents::{PluginPage as Document, plugin_page};
use crate::frame::Part;
use crate::page::{page, public_page};
use askama::Template;
use axum::extract::{Path, Request};
use axum::handler::Handler;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use shown::PluginPage;
use url::form_urlencoded;

pub(super) use happened::{Happened, Published, happened_of};
pub(super) use shown::Check;

/// Also where `plugins_3.40.xml` arrives; no package name has a dot, so nothing is both.
pub(super) async fn show(
    ask: Ask,
    Path(package): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    if package.contains('.') {
        return Ok(Handler::call(cairn_api::feed_by_file, request, ask.app).await);
    }
    let beat = request.uri().query().map_or(USUAL, beat_of);
    shown(&ask, package, beat, None).await
}

/// What downloads are added up by unless the address says otherwise.
const USUAL: Beat = Beat::Week;

fn beat_of(query: &str) -> Beat {
    let by = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "by");
    match by.as_ref().map(|(_, word)| word.as_ref()) {
        Some("day") => Beat::Day,
        Some("month") => Beat::Month,
        _ => USUAL,
    }
}

/// The page, with the sentence that says why a vote was refused.
async fn shown(ask: &Ask, package: String, beat: Beat, problem: Option<String>) -> Result<Response, Problem> {
    let by = match beat {
        Beat::Day => plugin_page::StatisticsStep::DAY,
        Beat::Week => plugin_page::StatisticsStep::WEEK,
        Beat::Month => plugin_page::StatisticsStep::MONTH,
    };
    let variables = plugin_page::Variables { package: package.clone(), by };
    let plugin = ask.query::<Document>(variables).await?.plugin.ok_or(Refusal::PluginUnknown { package })?;
    let mut shown = PluginPage::of(ask.frame(Part::Plugins), plugin, beat);
    let private = shown.hidden || problem.is_some();
    shown.problem = problem;
    Ok(page_of(&shown, private))
}

/// A page; if it is hidden from others, no cache keeps it for them.
pub(super) fn page_of(template: &impl Template, hidden: bool) -> Response {
    if !hidden {
        return public_page(template);
    }
    let mut response = page(template);
    let private = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    response
}
