//! `/staff/accounts/<name>/`: one account, what it has and did, and what staff may do about it.

use super::featured::Start;
use super::who::{Said, Signed, Staff, deed, is_admin};
use crate::ask::Ask;
use crate::documents::{
    MakeAdmin, MakeStaff, SignOutAccount, StaffAccount, UnmakeAdmin, UnmakeStaff, make_admin, make_staff,
    sign_out_account, staff_account, unmake_admin, unmake_staff,
};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page_with;
use crate::pages::log::{Line, line_of};
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::{Form, Path, Query};
use axum::response::Response;
use cairn_api::problem::Problem;
use cairn_domain::Refusal;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use staff_account::{OnBlock, StaffAccountAccount, StaffAccountAccountPluginsNodes};

/// How many of its acts are on a page.
const ACTS_SHOWN: i64 = 20;

line_of!(staff_account);

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    block: BlockForm,
    /// The one who looks may say who is staff.
    admin: bool,
    /// It is the one who looks.
    own: bool,
    who: Person,
    plugins: Vec<Row>,
    /// How many it owns besides.
    more_plugins: Count,
    /// What it did, the newest first.
    lines: Vec<Line>,
    more: Option<String>,
    /// What becomes of what it published when it is blocked.
    on_block: &'static str,
}

/// The account, in words.
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
struct Person {
    name: String,
    id: String,
    path: String,
    email: Option<String>,
    confirmed: bool,
    registered_at: Day,
    trusted: bool,
    staff: bool,
    admin: bool,
    blocked: bool,
    blocked_until: Option<Day>,
    blocked_reason: Option<String>,
    teams: Vec<String>,
    sessions: usize,
    last_seen: Option<Day>,
    identities: Vec<String>,
    factors: usize,
    codes: u64,
    tokens: usize,
}

/// A plugin of it.
struct Row {
    href: String,
    name: String,
    package: String,
    downloads: Count,
    waiting: u64,
    state: &'static str,
}

/// What the form of a block sends.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct BlockForm {
    pub(in crate::pages) reason: Option<String>,
    /// A day; for ever, if empty.
    until: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoleForm {
    deed: String,
}

impl BlockForm {
    /// When the block ends: with the beginning of that day in UTC.
    pub(in crate::pages) fn until(&self) -> Result<Option<DateTime<Utc>>, Refusal> {
        let text = self.until.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let day: NaiveDate =
            text.parse().map_err(|_| Refusal::invalid("until", "is a day, such as 2027-01-31"))?;
        Ok(Some(day.and_time(NaiveTime::MIN).and_utc()))
    }
}

/// Where the page of an account is, below the site.
pub(in crate::pages) fn address(name: &str) -> String {
    format!("/staff/accounts/{}/", path_part(name))
}

pub(super) async fn show(
    staff: Staff,
    Path(name): Path<String>,
    Query(from): Query<Start>,
) -> Result<Response, Problem> {
    look_from(&staff.ask, &name, from.after, BlockForm::default(), Said::default()).await
}

/// The page with the sentence why a form cannot be.
pub(in crate::pages) async fn again(
    ask: &Ask,
    name: &str,
    typed: BlockForm,
    refusal: &Refusal,
) -> Result<Response, Problem> {
    look(ask, name, typed, Said::of(refusal)).await
}

/// Another role for the account.
pub(super) async fn role(
    Signed(ask): Signed,
    Path(name): Path<String>,
    Form(form): Form<RoleForm>,
) -> Result<Response, Problem> {
    let account = name.clone();
    let done = match form.deed.as_str() {
        "make_staff" => at(deed::<MakeStaff>(&ask, make_staff::Variables { account }).await?),
        "unmake_staff" => at(deed::<UnmakeStaff>(&ask, unmake_staff::Variables { account }).await?),
        "make_admin" => at(deed::<MakeAdmin>(&ask, make_admin::Variables { account }).await?),
        "unmake_admin" => at(deed::<UnmakeAdmin>(&ask, unmake_admin::Variables { account }).await?),
        _ => Err(Said::of(&Refusal::invalid("deed", "is none of the buttons of this page"))),
    };
    match done {
        Ok(position) => Ok(ask.go(&address(&name), Some(Done::RoleSet), position)),
        Err(said) => look(&ask, &name, BlockForm::default(), said).await,
    }
}

fn at<D>(done: Result<cairn_api::graphql::Told<D>, Said>) -> Result<Option<u64>, Said> {
    done.map(|told| told.position)
}

/// Ends every session of it.
pub(super) async fn sign_out(Signed(ask): Signed, Path(name): Path<String>) -> Result<Response, Problem> {
    let variables = sign_out_account::Variables { account: name.clone() };
    match deed::<SignOutAccount>(&ask, variables).await? {
        Ok(told) => Ok(ask.go(&address(&name), Some(Done::SignedOut), told.position)),
        Err(said) => look(&ask, &name, BlockForm::default(), said).await,
    }
}

pub(in crate::pages) async fn look(
    ask: &Ask,
    name: &str,
    block: BlockForm,
    said: Said,
) -> Result<Response, Problem> {
    look_from(ask, name, None, block, said).await
}

async fn look_from(
    ask: &Ask,
    name: &str,
    after: Option<String>,
    block: BlockForm,
    said: Said,
) -> Result<Response, Problem> {
    let variables = staff_account::Variables { name: name.to_owned(), acts: ACTS_SHOWN, after };
    let told = ask.query::<StaffAccount>(variables).await?;
    let mut account = told.account.ok_or_else(|| Refusal::AccountUnknown { account: name.to_owned() })?;
    let frame = ask.frame(Part::Staff);
    let own = ask.actor().account().is_some_and(|id| id.to_string() == account.account_id);
    let more_plugins = account.plugins.total_count.saturating_sub(account.plugins.nodes.len() as u64);
    let plugins = account.plugins.nodes.iter().map(|plugin| Row::of(&frame, plugin)).collect();
    let info = &account.events.page_info;
    let more = info.end_cursor.as_deref().filter(|_| info.has_next_page);
    let more = more.map(|cursor| format!("{}{}?after={}", frame.root, address(name), path_part(cursor)));
    let acts = std::mem::take(&mut account.events.nodes);
    let lines = acts.into_iter().map(|act| Line::from((&frame, act))).collect();
    let page = AccountPage {
        tab: "accounts",
        problem: said.problem.clone(),
        block,
        admin: is_admin(ask).await?,
        own,
        plugins,
        more_plugins: Count(more_plugins),
        lines,
        more,
        who: Person::of(account, name),
        on_block: match told.site.policy.on_block {
            OnBlock::KEEP | OnBlock::Other(_) => "What it published stays public.",
            OnBlock::UNAPPROVE => "Every version that it published leaves the feeds.",
            OnBlock::REVIEW => {
                "What it published stays public, and comes into the queue to be looked at again."
            }
        },
        frame,
    };
    Ok(page_with(said.status(), &page))
}

impl Row {
    fn of(frame: &Frame, plugin: &StaffAccountAccountPluginsNodes) -> Self {
        let state = match (&plugin.deletion, plugin.listed) {
            (Some(told), _) if told.restorable_until.is_none() => "gone",
            (Some(_), _) => "marked for deletion",
            (None, true) => "public",
            (None, false) => "not public",
        };
        Self {
            href: frame.plugin(&plugin.package),
            name: plugin.name.clone(),
            package: plugin.package.clone(),
            downloads: Count(plugin.downloads),
            waiting: plugin.waiting_versions.unwrap_or(0),
            state,
        }
    }
}

impl Person {
    fn of(account: StaffAccountAccount, asked: &str) -> Self {
        let name = account.name.unwrap_or_else(|| "a forgotten person".to_owned());
        let living = account.tokens.nodes.iter().filter(|token| token.revoked_at.is_none()).count();
        let factors = account.second_factors;
        let last_seen = account.sessions.nodes.iter().map(|session| session.last_used_at).max();
        Self {
            path: path_part(asked),
            id: account.account_id,
            name,
            email: account.email,
            confirmed: account.email_confirmed.unwrap_or(false),
            registered_at: Day(account.registered_at),
            trusted: account.trusted,
            staff: account.staff,
            admin: account.admin,
            blocked: account.blocked,
            blocked_until: account.blocked_until.map(Day),
            blocked_reason: account.blocked_reason,
            teams: account.teams.into_iter().map(|team| team.name).collect(),
            sessions: account.sessions.nodes.len(),
            last_seen: last_seen.max(account.last_signed_in_at).map(Day),
            identities: account
                .identities
                .into_iter()
                .map(|identity| format!("{} ({})", identity.label, identity.title))
                .collect(),
            factors: factors.as_ref().map_or(0, |factors| factors.factors.len()),
            codes: factors.map_or(0, |factors| factors.recovery_codes_left),
            tokens: living,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn person(blocked: bool, staff: bool) -> Person {
        let day = || Day("2026-03-04T05:06:07Z".parse().unwrap());
        Person {
            name: HOSTILE.into(),
            id: HOSTILE.into(),
            path: path_part(HOSTILE),
            email: Some(HOSTILE.into()),
            confirmed: true,
            registered_at: day(),
            trusted: staff,
            staff,
            admin: false,
            blocked,
            blocked_until: Some(day()).filter(|_| blocked),
            blocked_reason: Some(HOSTILE.into()),
            teams: vec![HOSTILE.into()],
            sessions: 2,
            last_seen: Some(day()),
            identities: vec![HOSTILE.into()],
            factors: 1,
            codes: 3,
            tokens: 2,
        }
    }

    fn rendered(who: Person, admin: bool, own: bool, plugins: Vec<Row>) -> String {
        let page = AccountPage {
            frame: testing::frame(Part::Staff),
            tab: "accounts",
            problem: Some(HOSTILE.into()),
            block: BlockForm { reason: Some(HOSTILE.into()), until: HOSTILE.into() },
            admin,
            own,
            who,
            plugins,
            more_plugins: Count(0),
            lines: vec![],
            more: None,
            on_block: "What it published stays public.",
        };
        page.render().unwrap()
    }

    #[test]
    fn staff_may_trust_and_block_and_only_admins_give_roles() {
        let row = Row {
            href: "/qgis/plugins/lasso/".into(),
            name: HOSTILE.into(),
            package: HOSTILE.into(),
            downloads: Count(3),
            waiting: 1,
            state: "public",
        };
        let html = rendered(person(false, false), false, false, vec![row]);
        assert!(html.contains("/trust/\"") && html.contains("/block/\""), "{html}");
        assert!(!html.contains("/role/\""), "{html}");
        testing::is_tame(&html);
        let html = rendered(person(true, false), true, false, vec![]);
        assert!(html.contains("/unblock/\"") && html.contains("make_staff"), "{html}");
        assert!(html.contains("owns no plugin"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn staff_are_not_blocked_and_nobody_blocks_themselves() {
        let html = rendered(person(false, true), true, false, vec![]);
        assert!(!html.contains("/block/\"") && html.contains("unmake_staff"), "{html}");
        assert!(!rendered(person(false, false), false, true, vec![]).contains("/block/\""));
    }

    #[test]
    fn a_block_ends_with_the_beginning_of_a_day() {
        let until = |until: &str| BlockForm { reason: None, until: until.into() }.until();
        assert_eq!(until(" ").unwrap(), None);
        assert_eq!(until("2027-01-31").unwrap(), Some("2027-01-31T00:00:00Z".parse().unwrap()));
        assert!(until("soon").is_err());
    }
}
