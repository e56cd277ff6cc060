//! `/staff/accounts/`: all accounts, searched and filtered, and inviting somebody to make one.

use super::who::{Said, Signed, Staff, deed};
use crate::ask::Ask;
use crate::documents::staff_accounts::{AccountRole, Registration, StaffAccountsAccountsNodes};
use crate::documents::{InviteToSignUp, StaffAccounts, invite_to_sign_up, staff_accounts};
use crate::done::Done;
use crate::frame::{Frame, Part, path_part};
use crate::page::page_with;
use crate::text::{Count, Day};
use askama::Template;
use axum::extract::{Form, Query};
use axum::response::Response;
use cairn_api::problem::Problem;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// How many accounts are on a page.
const SHOWN: i64 = 50;

/// The longest text that is looked for, in characters: the schema takes no longer one.
const TEXT_CHARS_MAX: usize = 254;

/// The groups that are offered, by their words in addresses.
const GROUPS: [(&str, &str); 6] = [
    ("", "Everybody"),
    ("staff", "Staff"),
    ("admins", "Admins"),
    ("trusted", "Trusted"),
    ("untrusted", "Not trusted"),
    ("blocked", "Blocked"),
];

#[derive(Template)]
#[template(path = "staff/accounts.html")]
struct AccountsPage {
    frame: Frame,
    tab: &'static str,
    problem: Option<String>,
    asked: Asked,
    groups: [(&'static str, &'static str); 6],
    total: Count,
    rows: Vec<Row>,
    newer: Option<String>,
    older: Option<String>,
    /// What the form to invite somebody holds.
    email: String,
    invited_only: bool,
    /// Letters can be sent.
    sends_mail: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
struct Row {
    href: String,
    name: String,
    email: Option<String>,
    registered_at: Day,
    seen_at: Option<Day>,
    trusted: bool,
    staff: bool,
    admin: bool,
    blocked: bool,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    who: String,
    after: Option<String>,
    before: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InviteForm {
    email: String,
}

impl Asked {
    fn variables(&self) -> staff_accounts::Variables {
        let back = self.before.is_some() && self.after.is_none();
        let text: String = self.q.trim().chars().take(TEXT_CHARS_MAX).collect();
        let role = match self.who.as_str() {
            "staff" => Some(AccountRole::STAFF),
            "admins" => Some(AccountRole::ADMIN),
            _ => None,
        };
        let trusted = match self.who.as_str() {
            "trusted" => Some(true),
            "untrusted" => Some(false),
            _ => None,
        };
        staff_accounts::Variables {
            text: Some(text).filter(|text| !text.is_empty()),
            role,
            blocked: (self.who == "blocked").then_some(true),
            trusted,
            first: Some(SHOWN).filter(|_| !back),
            after: self.after.clone(),
            last: Some(SHOWN).filter(|_| back),
            before: self.before.clone().filter(|_| back),
        }
    }

    /// The address of a page with the same filter.
    fn address(&self, frame: &Frame, name: &str, cursor: &str) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("q", self.q.as_str()), ("who", &self.who), (name, cursor)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{}/staff/accounts/?{}", frame.root, query.finish())
    }
}

impl Row {
    fn of(frame: &Frame, told: StaffAccountsAccountsNodes) -> Self {
        // Whoever was forgotten is found by the id alone.
        let called = told.name.clone().unwrap_or_else(|| told.account_id.clone());
        Self {
            href: format!("{}/staff/accounts/{}/", frame.root, path_part(&called)),
            name: told.name.unwrap_or_else(|| "a forgotten person".to_owned()),
            email: told.email,
            registered_at: Day(told.registered_at),
            seen_at: told.last_signed_in_at.map(Day),
            trusted: told.trusted,
            staff: told.staff,
            admin: told.admin,
            blocked: told.blocked,
        }
    }
}

pub(super) async fn show(staff: Staff, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    look(&staff.ask, asked, String::new(), Said::default()).await
}

/// Sends somebody a link to make an account.
pub(super) async fn invite(Signed(ask): Signed, Form(form): Form<InviteForm>) -> Result<Response, Problem> {
    let variables = invite_to_sign_up::Variables { email: form.email.trim().to_owned() };
    match deed::<InviteToSignUp>(&ask, variables).await? {
        Ok(told) => Ok(ask.go("/staff/accounts/", Some(Done::SignUpInvited), told.position)),
        Err(said) => look(&ask, Asked::default(), form.email, said).await,
    }
}

async fn look(ask: &Ask, asked: Asked, email: String, said: Said) -> Result<Response, Problem> {
    let told = ask.query::<StaffAccounts>(asked.variables()).await?;
    let frame = ask.frame(Part::Staff);
    let info = told.accounts.page_info;
    let link = |name: &str, cursor: Option<String>| cursor.map(|cursor| asked.address(&frame, name, &cursor));
    let newer = link("before", info.start_cursor.filter(|_| info.has_previous_page));
    let older = link("after", info.end_cursor.filter(|_| info.has_next_page));
    let page = AccountsPage {
        tab: "accounts",
        problem: said.problem.clone(),
        groups: GROUPS,
        total: Count(told.accounts.total_count),
        rows: told.accounts.nodes.into_iter().map(|account| Row::of(&frame, account)).collect(),
        newer,
        older,
        email,
        invited_only: told.site.policy.registration == Registration::INVITE,
        sends_mail: ask.app.settings.sends_mail,
        asked,
        frame,
    };
    Ok(page_with(said.status(), &page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::testing::{self, HOSTILE};

    fn rendered(rows: Vec<Row>, sends_mail: bool) -> String {
        let page = AccountsPage {
            frame: testing::frame(Part::Staff),
            tab: "accounts",
            problem: Some(HOSTILE.into()),
            asked: Asked { q: HOSTILE.into(), who: "blocked".into(), ..Asked::default() },
            groups: GROUPS,
            total: Count(1),
            rows,
            newer: None,
            older: Some("/qgis/staff/accounts/?after=7".into()),
            email: HOSTILE.into(),
            invited_only: true,
            sends_mail,
        };
        page.render().unwrap()
    }

    #[test]
    fn accounts_are_listed_and_their_texts_do_nothing() {
        let row = Row {
            href: "/qgis/staff/accounts/ann/".into(),
            name: HOSTILE.into(),
            email: Some(HOSTILE.into()),
            registered_at: Day("2026-03-04T05:06:07Z".parse().unwrap()),
            seen_at: None,
            trusted: true,
            staff: true,
            admin: true,
            blocked: true,
        };
        let html = rendered(vec![row], true);
        assert!(html.contains("value=\"blocked\" selected") && html.contains("never"), "{html}");
        testing::is_tame(&html);
    }

    #[test]
    fn nobody_found_and_no_mail_are_said() {
        let html = rendered(vec![], false);
        assert!(html.contains("Nobody is like that") && html.contains("sends no mail"), "{html}");
    }

    #[test]
    fn a_filter_is_asked_and_goes_along() {
        let asked = Asked { q: " ann ".into(), who: "trusted".into(), ..Asked::default() };
        let variables = asked.variables();
        assert_eq!((variables.text.as_deref(), variables.trusted), (Some("ann"), Some(true)));
        let frame = testing::frame(Part::Staff);
        assert_eq!(asked.address(&frame, "after", "x"), "/qgis/staff/accounts/?q=+ann+&who=trusted&after=x");
    }
}
