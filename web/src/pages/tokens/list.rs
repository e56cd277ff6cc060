//! `/plugins/<package>/tokens/`: the tokens and trusted publishers of a plugin that the asker may see, and forms for new
//! ones. The plugin need not exist yet.

use super::snippets::Snippets;
use super::{frame, private_page, side_of};
use crate::ask::Ask;
use crate::frame::Frame;
use crate::pages::author::Side;
use crate::pages::second_factor::me::Me;
use crate::text::Day;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_api::credentials::{Credentials, Sight};
use cairn_api::problem::Problem;
use cairn_api::{App, RequestId};
use cairn_commands::Fault;
use cairn_commands::token::{TOKEN_DAYS, TOKEN_NOTE_CHARS_MAX};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_projections::people::{Publisher, Token, accounts_by_ids};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeSet, HashMap};

#[derive(Template)]
#[template(path = "tokens/list.html")]
pub(super) struct ListPage {
    pub(super) frame: Frame,
    pub(super) side: Option<Side>,
    pub(super) package: String,
    pub(super) tokens: Vec<TokenRow>,
    pub(super) publishers: Vec<PublisherRow>,
    pub(super) issuers: Vec<String>,
    pub(super) days: u32,
    pub(super) days_max: u32,
    pub(super) note_chars_max: usize,
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

pub(super) async fn show(
    State(app): State<App>,
    me: Me,
    ask: Ask,
    Path(package): Path<String>,
    request: RequestId,
) -> Result<Response, Problem> {
    let package: PackageName = package.parse()?;
    let mut page = look(&app, &me, &package, None).await.map_err(|fault| Problem::of(fault, &request))?;
    page.side = side_of(&ask, package.as_str()).await?;
    Ok(private_page(StatusCode::OK, &page))
}

/// The page, with the sentence that says why a form was refused.
pub(super) async fn look(
    app: &App,
    me: &Me,
    package: &PackageName,
    problem: Option<String>,
) -> Result<ListPage, Fault> {
    let sight = Sight::of(app, me.actor(), package).await?;
    let policy = app.commands.look(vec![], me.actor()).await?.site().policy;
    let mut read = app.projections.read().await?;
    let seen = sight.look(&mut read, package).await?;
    let accounts: BTreeSet<AccountId> = seen
        .tokens
        .iter()
        .map(|token| token.account)
        .chain(seen.publishers.iter().map(|publisher| publisher.account))
        .collect();
    let accounts = accounts_by_ids(&mut read, &Vec::from_iter(accounts)).await?;
    let names = accounts.into_iter().map(|account| (account.id, account.name.unwrap_or_default())).collect();
    let frame = frame(app);
    let now = app.clock.now();
    Ok(ListPage {
        side: None,
        package: package.to_string(),
        tokens: seen.tokens.iter().map(|token| TokenRow::of(token, &seen, &names, now)).collect(),
        publishers: seen.publishers.iter().map(|publisher| PublisherRow::of(publisher, &names)).collect(),
        issuers: app.publishing.trusted().iter().map(|known| known.issuer.clone()).collect(),
        days: TOKEN_DAYS.min(policy.token_days_max),
        days_max: policy.token_days_max,
        note_chars_max: TOKEN_NOTE_CHARS_MAX,
        snippets: Snippets::of(&frame.base, package.as_str(), app.publishing.audience()),
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

type Names = HashMap<AccountId, String>;

fn name_of(names: &Names, account: AccountId) -> String {
    names.get(&account).cloned().unwrap_or_default()
}

impl TokenRow {
    fn of(token: &Token, seen: &Credentials, names: &Names, now: DateTime<Utc>) -> Self {
        Self {
            id: token.id.to_string(),
            note: seen.notes.get(&token.id).cloned(),
            account: name_of(names, token.account),
            issued_at: Day(token.issued_at),
            ends: token.expires_at.map(Day),
            over: token.expires_at.is_some_and(|end| end <= now),
            last_used: token.last_used,
            may_approve: token.may_approve,
        }
    }
}

impl PublisherRow {
    fn of(publisher: &Publisher, names: &Names) -> Self {
        let workflow = publisher.workflow.clone();
        Self {
            id: publisher.id.to_string(),
            repository: workflow.repository,
            issuer: workflow.issuer,
            workflow: workflow.workflow,
            environment: workflow.environment,
            ref_pattern: workflow.ref_pattern,
            account: name_of(names, publisher.account),
            may_approve: publisher.may_approve,
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
