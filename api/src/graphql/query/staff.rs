//! Questions that staff ask: whose account, and what waits. What waits for an author's own plugins is theirs to ask as well.

use crate::graphql::asked::{Asker, asker};
use crate::graphql::object::{AccountObject, VersionObject};
use crate::graphql::paging::{Bounds, Connected, Page, asks_total, connected, cost_of_page};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, Enum, Object};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_domain::Refusal;
use cairn_projections::catalogue::{waiting, waiting_total};
use cairn_projections::people::{self, AccountFilter, AccountPlace, Role};
use std::fmt::Display;
use std::str::FromStr;

/// The longest text that accounts are looked for by, in characters: names and addresses are shorter.
const TEXT_CHARS_MAX: usize = 254;

/// Questions that staff ask.
#[derive(Debug, Default)]
pub(crate) struct StaffQueries;

/// What an account may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Role")]
pub(crate) enum AccountRole {
    /// About roles and the policy, too.
    Admin,
    /// About everybody's plugins and accounts; admins are staff.
    Staff,
    /// About what is its own.
    User,
}

/// An account's place in the list, as its cursor has it.
#[derive(Debug, Clone, Copy)]
struct AccountCursor(AccountPlace);

/// A text that is no cursor of this list.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("is no cursor of this list; give back the endCursor or startCursor of one of its pages, unchanged")]
struct BadCursor;

#[Object]
impl StaffQueries {
    /// The accounts, the newest first. For staff.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn accounts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A part of the name, or the beginning of the mail address, in any case.")]
        text: Option<String>,
        #[graphql(desc = "Only those in this role.")] role: Option<AccountRole>,
        #[graphql(desc = "Only those that are blocked now, or that are not.")] blocked: Option<bool>,
        #[graphql(desc = "Only those whose uploads need no review, or whose do.")] trusted: Option<bool>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Connected<AccountObject>, Problem> {
        let asker = asker(context);
        let page: Page<AccountCursor> = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        asker.at_least(at_least).await?;
        must_be_staff(asker).await?;
        if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_CHARS_MAX) {
            let sentence = format!("has at most {TEXT_CHARS_MAX} characters");
            return Err(Refusal::invalid("text", sentence).into());
        }
        let filter = AccountFilter { text, role: role.map(Role::from), blocked, trusted };
        let now = asker.app.clock.now();
        let fault = |fault| asker.store_fault(fault);
        let mut read = asker.snapshot.read().await?;
        let from = page.from.map(|cursor| cursor.0);
        let found = people::accounts(&mut read, &filter, now, from, page.backward, page.size + 1).await;
        let mut found = found.map_err(fault)?;
        let more = found.len() > page.size as usize;
        found.truncate(page.size as usize);
        if page.backward {
            found.reverse();
        }
        let total = if asks_total(context) {
            people::accounts_total(&mut read, &filter, now).await.map_err(fault)?
        } else {
            0
        };
        let items = found
            .into_iter()
            .map(|account| (AccountCursor(AccountPlace::of(&account)).to_string(), AccountObject(account)));
        Ok(connected(&page, total, more, items))
    }

    /// The versions that somebody should look at, the oldest first: those that wait for approval and were not refused, and public
    /// ones that somebody asked to be looked at again. For staff of all plugins; for others of the plugins that they own.
    #[graphql(complexity = "cost_of_page(first, last, child_complexity)")]
    async fn review_queue(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many from the beginning, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "The endCursor of the page before.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "The startCursor of the page behind.")] before: Option<String>,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Connected<VersionObject>, Problem> {
        let asker = asker(context);
        let page: Page<VersionCursor> = Page::of(&asker.limits(), Bounds { first, after, last, before })?;
        asker.at_least(at_least).await?;
        let viewer = asker.viewer().await?;
        let owner = match (viewer.staff, viewer.account) {
            (true, _) => None,
            (false, Some(account)) => Some(account),
            (false, None) => return Err(Refusal::Unauthenticated.into()),
        };
        let fault = |fault| asker.store_fault(fault);
        let mut read = asker.snapshot.read().await?;
        let from = page.from.map(|cursor| cursor.0);
        let found = waiting(&mut read, owner, from, page.backward, page.size + 1).await;
        let mut found = found.map_err(fault)?;
        let more = found.len() > page.size as usize;
        found.truncate(page.size as usize);
        if page.backward {
            found.reverse();
        }
        let total =
            if asks_total(context) { waiting_total(&mut read, owner).await.map_err(fault)? } else { 0 };
        let items = found.into_iter().map(|version| (version.id.to_string(), VersionObject(version)));
        Ok(connected(&page, total, more, items))
    }
}

/// Refuses all but staff, in person.
pub(super) async fn must_be_staff(asker: &Asker) -> Result<(), Problem> {
    let viewer = asker.viewer().await?;
    if viewer.staff && viewer.in_person {
        return Ok(());
    }
    let refusal = if asker.actor().token().is_some() {
        Refusal::TokenScope
    } else if viewer.account.is_none() {
        Refusal::Unauthenticated
    } else {
        Refusal::NotStaff
    };
    Err(refusal.into())
}

/// A version's place in the queue: its number in answers, which grows with time.
#[derive(Debug, Clone, Copy)]
struct VersionCursor(u64);

impl FromStr for VersionCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let good = text.parse().ok().filter(|id| *id <= i64::MAX.unsigned_abs());
        good.map(Self).ok_or(BadCursor)
    }
}

impl Display for AccountCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}:{}", self.0.registered_at_us, self.0.id)))
    }
}

impl FromStr for AccountCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let bytes =
            Some(text).filter(|text| text.len() <= 100).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(BadCursor)?;
        let (at, id) = text.split_once(':').ok_or(BadCursor)?;
        let registered_at_us = at.parse().map_err(|_| BadCursor)?;
        Ok(Self(AccountPlace { registered_at_us, id: id.parse().map_err(|_| BadCursor)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        let place = AccountPlace { registered_at_us: -7, id: Uuid::from_u128(9) };
        let text = AccountCursor(place).to_string();
        assert_eq!(text.parse::<AccountCursor>().unwrap().0, place);
        for bad in ["", "!", "Nzo", &"a".repeat(101)] {
            assert!(bad.parse::<AccountCursor>().is_err(), "{bad}");
        }
        for bad in ["", "-1", "x", "9223372036854775808"] {
            assert!(bad.parse::<VersionCursor>().is_err(), "{bad}");
        }
    }
}
