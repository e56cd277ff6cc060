//! The list of accounts, filtered, page by page: for staff.

use super::queries::{Account, NamedRow};
use crate::columns::unsigned;
use crate::{Name, Read};
use cairn_domain::names::fold;
use cairn_store::{Result, on, sqlx, to_us};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What an account may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// About roles and the policy, too.
    Admin,
    /// About everybody's plugins and accounts.
    Staff,
    /// About what is its own.
    User,
}

/// Which accounts; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// A part of the name, or the beginning of the address, without regard to case.
    pub text: Option<String>,
    /// Those in this role. Admins are staff.
    pub role: Option<Role>,
    /// Whether it is blocked at `now`.
    pub blocked: Option<bool>,
    /// Whether its plugins' versions need no review.
    pub trusted: Option<bool>,
}

/// An account's place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountPlace {
    /// When it was made, in microseconds since 1970.
    pub registered_at_us: i64,
    /// Which one, among those of the same moment.
    pub id: Uuid,
}

impl AccountPlace {
    /// The place of this account.
    pub fn of(account: &Account) -> Self {
        Self { registered_at_us: to_us(account.registered_at), id: account.id.0 }
    }
}

/// Up to `limit` accounts behind `from`, the newest first; or ahead of it, the oldest first, when `backward`.
pub async fn accounts(
    read: &mut Read,
    filter: &AccountFilter,
    now: DateTime<Utc>,
    from: Option<AccountPlace>,
    backward: bool,
    limit: u32,
) -> Result<Vec<Account>> {
    let generation = read.generation(Name::People);
    let sql = if backward {
        include_str!("sql/accounts_oldest.sql")
    } else {
        include_str!("sql/accounts_newest.sql")
    };
    let (name, email) = patterns(filter);
    let rows: Vec<NamedRow> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(&name)
        .bind(&email)
        .bind(role(filter))
        .bind(filter.blocked)
        .bind(to_us(now))
        .bind(filter.trusted)
        .bind(from.map(|from| from.registered_at_us))
        .bind(from.map(|from| from.id))
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// How many accounts there are on all pages.
pub async fn accounts_total(read: &mut Read, filter: &AccountFilter, now: DateTime<Utc>) -> Result<u64> {
    let generation = read.generation(Name::People);
    let (name, email) = patterns(filter);
    let (n,): (i64,) = on!(read.tx, |c| sqlx::query_as(include_str!("sql/accounts_total.sql"))
        .bind(generation)
        .bind(&name)
        .bind(&email)
        .bind(role(filter))
        .bind(filter.blocked)
        .bind(to_us(now))
        .bind(filter.trusted)
        .fetch_one(&mut *c)
        .await)?;
    unsigned(n)
}

fn role(filter: &AccountFilter) -> &'static str {
    match filter.role {
        None => "any",
        Some(Role::Admin) => "admin",
        Some(Role::Staff) => "staff",
        Some(Role::User) => "user",
    }
}

/// How a name and an address must be.
fn patterns(filter: &AccountFilter) -> (Option<String>, Option<String>) {
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let literal = |text: &str| {
        let escaped = |c: char| if matches!(c, '%' | '_' | '!') { format!("!{c}") } else { c.to_string() };
        text.chars().map(escaped).collect::<String>()
    };
    let name = text.map(|text| format!("%{}%", literal(&fold(text))));
    let email = text.map(|text| format!("{}%", literal(&text.to_lowercase())));
    (name, email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stands_for_itself() {
        let filter = |text: &str| AccountFilter { text: Some(text.into()), ..AccountFilter::default() };
        assert_eq!(patterns(&filter(" A_b% ")), (Some("%a!_b!%%".into()), Some("a!_b!%%".into())));
        assert_eq!(patterns(&filter("  ")), (None, None));
        assert_eq!(patterns(&AccountFilter::default()), (None, None));
    }
}
