//! `/plugins/<package>/tokens/`: the tokens and trusted publishers of a plugin that the asker may see, and forms for new
//! ones. The plugin need not exist yet.

use super::snippets::Snippets;
use super::{frame, private_page, side_of};
use crate::ask::Ask;
use crate::documents::credentials_page::{
    CredentialsPageCredentialsPublishers as PublisherTold, CredentialsPageCredentialsTokens as TokenTold,
};
use crate::documents::{CredentialsPage, credentials_page};
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use crate::text::Day;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::names::PackageName;
use chrono::{DateTime, NaiveDate, Utc};

#[derive(Template)]
#[template(path = "tokens/list.html")]
pub(super) struct ListPage {
    pub(super) frame: Frame,
    pub(super) side: Option<Side>,
    pub(super) package: String,
    pub(super) tokens: Vec<TokenRow>,
    pub(super) publishers: Vec<PublisherRow>,
    pub(super) issuers: Vec<String>,
    pub(super) days: i64,
    pub(super) days_max: i64,
    pub(super) note_chars_max: u64,
    pub(super) snippets: Snippets,
    pub(super) problem: Option<String>,
}

/// A token in the table.
pub(super) struct TokenRow {
    pub(super) id: String,
    pub(super) note: Option<String>,
    pub(super) account: String,
    pub(super) issued_at: Day,
    pub(super) ends: Option<Day>,
    pub(super) over: bool,
    pub(super) last_used: Option<NaiveDate>,
    pub(super) may_approve: bool,
}

/// A publisher in the table.
pub(super) struct PublisherRow {
    pub(super) id: String,
    pub(super) repository: String,
    pub(super) issuer: String,
    pub(super) workflow: String,
    pub(super) environment: Option<String>,
    pub(super) ref_pattern: Option<String>,
    pub(super) account: String,
    pub(super) may_approve: bool,
}

pub(super) async fn show(ask: Ask, _me: Me, Path(package): Path<String>) -> Result<Response, Problem> {
    let package: PackageName = package.parse()?;
    let mut page = look(&ask, &package, None).await?;
    page.side = side_of(&ask, package.as_str()).await?;
    Ok(private_page(StatusCode::OK, &page))
}

/// The page, with the sentence that says why a form was refused.
pub(super) async fn look(
    ask: &Ask,
    package: &PackageName,
    problem: Option<String>,
) -> Result<ListPage, Problem> {
    let variables = credentials_page::Variables { package: package.to_string() };
    let told = ask.query::<CredentialsPage>(variables).await?;
    let (seen, site) = (told.credentials, told.site);
    let frame = frame(ask);
    let now = ask.app.clock.now();
    let days_max = site.policy.token_days_max;
    Ok(ListPage {
        side: None,
        package: package.to_string(),
        tokens: seen.tokens.into_iter().map(|told| TokenRow::of(told, now)).collect(),
        publishers: seen.publishers.into_iter().map(PublisherRow::from).collect(),
        issuers: site.features.ci_issuers,
        days: site.limits.token_days.min(days_max),
        days_max,
        note_chars_max: site.limits.token_description_chars_max,
        snippets: Snippets::of(&frame.base, package.as_str(), &site.features.ci_audience),
        problem,
        frame,
    })
}

/// A CI service as people call it.
fn service(issuer: &str) -> &str {
    match issuer {
        "https://token.actions.githubusercontent.com" => "GitHub Actions",
        _ => issuer.trim_start_matches("https://"),
    }
}

impl TokenRow {
    fn of(told: TokenTold, now: DateTime<Utc>) -> Self {
        Self {
            id: told.token_id,
            note: told.description,
            account: told.account.and_then(|account| account.name).unwrap_or_default(),
            issued_at: Day(told.issued_at),
            ends: told.expires_at.map(Day),
            over: told.expires_at.is_some_and(|end| end <= now),
            last_used: told.last_used,
            may_approve: told.may_approve,
        }
    }
}

impl From<PublisherTold> for PublisherRow {
    fn from(told: PublisherTold) -> Self {
        Self {
            id: told.publisher_id,
            repository: told.repository,
            issuer: service(&told.issuer).to_owned(),
            workflow: told.workflow,
            environment: told.environment,
            ref_pattern: told.ref_pattern,
            account: told.account.and_then(|account| account.name).unwrap_or_default(),
            may_approve: told.may_approve,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Part;
    use crate::pages::testing::{self, HOSTILE};

    #[test]
    fn texts_of_people_do_nothing() {
        let at = Day("2026-03-04T05:06:07Z".parse().unwrap());
        let text = || Some(HOSTILE.to_owned());
        let token = TokenRow {
            id: "t1".into(),
            note: text(),
            account: HOSTILE.into(),
            issued_at: at,
            ends: Some(at),
            over: true,
            last_used: "2026-03-04".parse().ok(),
            may_approve: true,
        };
        let publisher = PublisherRow {
            id: "p1".into(),
            repository: HOSTILE.into(),
            issuer: HOSTILE.into(),
            workflow: HOSTILE.into(),
            environment: text(),
            ref_pattern: text(),
            account: HOSTILE.into(),
            may_approve: true,
        };
        let page = ListPage {
            frame: testing::frame(Part::Publish),
            side: None,
            package: "lasso".into(),
            tokens: vec![token],
            publishers: vec![publisher],
            issuers: vec![HOSTILE.into()],
            days: 365,
            days_max: 365,
            note_chars_max: 512,
            snippets: Snippets::of(HOSTILE, HOSTILE, HOSTILE),
            problem: text(),
        };
        let html = page.render().unwrap();
        testing::is_tame(&html);
        assert!(html.contains("action=\"/qgis/plugins/lasso/tokens/create/\""), "{html}");
        assert!(html.contains("href=\"/qgis/plugins/lasso/tokens/t1/delete/\""), "{html}");
    }
}
