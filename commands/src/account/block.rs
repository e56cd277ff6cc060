//! Block and unblock an account.

use crate::{Command, Fact, reason};
use cairn_domain::account::Block;
use cairn_domain::event::{AccountBlocked, AccountUnblocked, Stream, VersionReviewAsked, VersionUnapproved};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::site::OnBlock;
use cairn_domain::version_number::VersionNumber;
use cairn_domain::{Known, Moment, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// The longest block that has an end, in days; a longer one is for ever.
pub const BLOCK_DAYS_MAX: i64 = 3_650;

/// The most published versions that a block takes back or has looked at again.
pub const BLOCK_VERSIONS_MAX: usize = 5_000;

/// Ends every credential of an account at once, until a date or for ever; those it had stay dead after the block. The policy
/// says what becomes of what it published.
#[derive(Debug, Clone, Serialize)]
pub struct BlockAccount {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
    /// When the block ends by itself; never, if absent.
    pub until: Option<DateTime<Utc>>,
    /// The public versions that the account uploaded, as the door has read them; those that are public no longer when the
    /// block comes are left alone. Not part of the fingerprint: the same block asked again may find others.
    #[serde(skip)]
    pub published: Vec<Published>,
}

/// A public version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The plugin.
    pub package: PackageName,
    /// The number, as its author wrote it.
    pub version: VersionNumber,
}

/// Lets an account act again.
#[derive(Debug, Clone, Serialize)]
pub struct UnblockAccount {
    /// The account.
    pub account: AccountId,
    /// Why.
    pub reason: Option<String>,
}

impl BlockAccount {
    fn check(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        reason::optional(self.reason.as_deref())?;
        if self.published.len() > BLOCK_VERSIONS_MAX {
            let message = format!("published more than {BLOCK_VERSIONS_MAX} versions; delete plugins first");
            return Err(Refusal::invalid("account", message));
        }
        match self.until {
            Some(until) if until <= now => Err(Refusal::invalid("until", "must be in the future")),
            Some(until) if until > now + TimeDelta::days(BLOCK_DAYS_MAX) => {
                let message =
                    format!("is more than {BLOCK_DAYS_MAX} days away; leave it out to block for ever");
                Err(Refusal::invalid("until", message))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What becomes of the published versions.
    fn versions(&self, known: &Known) -> Vec<Fact> {
        let on_block = known.site().policy.on_block;
        let reason = || Some(String::from("the account that uploaded it was blocked"));
        let fact = |Published { package, version }: &Published| {
            let plugin = known.plugin(package).ok()?;
            let found = plugin.versions.iter().find(|of| of.number == *version && of.approved)?;
            let (package, version) = (package.clone(), version.clone());
            let event = match on_block {
                OnBlock::Keep => return None,
                OnBlock::Unapprove => VersionUnapproved { package, version, reason: reason() }.into(),
                OnBlock::Review if found.review_asked => return None,
                OnBlock::Review => VersionReviewAsked { package, version, reason: reason() }.into(),
            };
            Some((Stream::plugin(&plugin.package), event))
        };
        self.published.iter().filter_map(fact).collect()
    }
}

impl Command for BlockAccount {
    const NAME: &'static str = "block_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        let plugins = self.published.iter().map(|published| Stream::plugin(&published.package));
        std::iter::once(Stream::Account(self.account)).chain(plugins).collect()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        let account = known.account(self.account)?;
        if account.staff || account.admin {
            return Err(Refusal::StaffCannotBeBlocked);
        }
        if account.is_blocked(moment.now) && account.block == Some(Block { until: self.until }) {
            return Ok(vec![]);
        }
        self.check(moment.now)?;
        let event = AccountBlocked { account: self.account, reason: self.reason.clone(), until: self.until };
        let mut facts = vec![(Stream::Account(self.account), event.into())];
        facts.extend(self.versions(known));
        Ok(facts)
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

impl Command for UnblockAccount {
    const NAME: &'static str = "unblock_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Account(self.account)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        reason::optional(self.reason.as_deref())?;
        if known.account(self.account)?.block.is_none() {
            return Ok(vec![]);
        }
        let event = AccountUnblocked { account: self.account, reason: self.reason.clone() };
        Ok(vec![(Stream::Account(self.account), event.into())])
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::PolicySet;
    use cairn_domain::site::Policy;

    fn block(account: AccountId) -> BlockAccount {
        BlockAccount { account, reason: None, until: None, published: vec![] }
    }

    fn until(until: DateTime<Utc>) -> BlockAccount {
        BlockAccount { until: Some(until), ..block(ANN) }
    }

    fn blocked_until(until: DateTime<Utc>) -> Fact {
        account_event(ANN, AccountBlocked { account: ANN, reason: None, until: Some(until) })
    }

    #[test]
    fn staff_block_and_unblock() {
        let people = [registered(ANN), registered(SUE), staff(SUE)];
        given(people.clone())
            .when(&block(ANN), by(SUE))
            .then([account_event(ANN, AccountBlocked { account: ANN, reason: None, until: None })]);
        given(people.into_iter().chain([blocked(ANN)]))
            .when(&UnblockAccount { account: ANN, reason: None }, by(SUE))
            .then([account_event(ANN, AccountUnblocked { account: ANN, reason: None })]);
    }

    #[test]
    fn others_do_not() {
        let people = [registered(ANN), registered(BOB)];
        given(people.clone()).when(&block(ANN), by(BOB)).refused(&Refusal::NotStaff);
        given(people)
            .when(&UnblockAccount { account: ANN, reason: None }, by(ANN))
            .refused(&Refusal::NotStaff);
    }

    #[test]
    fn staff_are_not_blocked() {
        let people = [registered(SUE), staff(SUE)];
        given(people.clone()).when(&block(SUE), Actor::Operator).refused(&Refusal::StaffCannotBeBlocked);
        given(people.into_iter().chain([admin(SUE)]))
            .when(&block(SUE), Actor::Operator)
            .refused(&Refusal::StaffCannotBeBlocked);
    }

    #[test]
    fn a_blocked_account_can_do_nothing() {
        let people = [registered(ANN), registered(SUE), staff(SUE), blocked(SUE)];
        given(people).when(&block(ANN), by(SUE)).refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn a_block_with_an_end_ends_by_itself() {
        let (later, earlier) = (noon() + TimeDelta::hours(1), noon() - TimeDelta::hours(1));
        given([registered(ANN)]).when(&until(later), Actor::Operator).then([blocked_until(later)]);
        let leave = crate::team::FormTeam { team: "group".parse().unwrap() };
        given([registered(ANN), blocked_until(later).into()])
            .when(&leave, by(ANN))
            .refused(&Refusal::AccountBlocked);
        let acts = [registered(ANN), blocked_until(earlier).into()];
        given(acts.clone()).when(&block(BOB), by(ANN)).refused(&Refusal::NotStaff);
        // And may come again.
        given(acts).when(&until(later), Actor::Operator).then([blocked_until(later)]);
    }

    #[test]
    fn a_block_ends_in_the_future_and_within_ten_years() {
        let refused = |end: DateTime<Utc>, message: &str| {
            let refusal = Refusal::invalid("until", message);
            given([registered(ANN)]).when(&until(end), Actor::Operator).refused(&refusal);
        };
        refused(noon(), "must be in the future");
        let last = noon() + TimeDelta::days(BLOCK_DAYS_MAX);
        given([registered(ANN)]).when(&until(last), Actor::Operator).then([blocked_until(last)]);
        refused(last + TimeDelta::seconds(1), "is more than 3650 days away; leave it out to block for ever");
    }

    #[test]
    fn another_end_is_another_block() {
        let (one, two) = (noon() + TimeDelta::hours(1), noon() + TimeDelta::hours(2));
        let history = [registered(ANN), blocked_until(one).into()];
        given(history.clone()).when(&until(one), Actor::Operator).then([]);
        given(history).when(&until(two), Actor::Operator).then([blocked_until(two)]);
        given([registered(ANN), blocked(ANN)]).when(&block(ANN), Actor::Operator).then([]);
    }

    #[test]
    fn the_policy_says_what_becomes_of_published_versions() {
        let policy = |on_block| -> Facts {
            let policy = Policy { on_block, ..Policy::default() };
            Fact::from((Stream::Site, PolicySet { policy }.into())).into()
        };
        let reason = || Some(String::from("the account that uploaded it was blocked"));
        let number = |text: &str| text.parse::<VersionNumber>().unwrap();
        let published = ["1.0", "2.0", "3.0"]
            .map(|version| Published { package: lasso(), version: number(version) })
            .to_vec();
        let command = BlockAccount { published, ..block(ANN) };
        let history = [lasso_of_ann(), uploaded("2.0").into(), approved("2.0").into()];
        let happened = account_event(ANN, AccountBlocked { account: ANN, reason: None, until: None });
        let when = |on_block| {
            let history = history.clone().into_iter().chain([policy(on_block)]);
            given(history).when(&command, Actor::Operator)
        };
        when(OnBlock::Keep).then([happened.clone()]);
        // 1.0 waits and 3.0 never was.
        let (package, version) = (lasso(), number("2.0"));
        when(OnBlock::Unapprove)
            .then([happened.clone(), plugin_event(VersionUnapproved { package, version, reason: reason() })]);
        let asked =
            plugin_event(VersionReviewAsked { package: lasso(), version: number("2.0"), reason: reason() });
        when(OnBlock::Review).then([happened.clone(), asked.clone()]);
        let asked_before = history.clone().into_iter().chain([policy(OnBlock::Review), asked.into()]);
        given(asked_before).when(&command, Actor::Operator).then([happened]);
    }

    #[test]
    fn what_a_block_touches_is_bounded() {
        let published = Published { package: lasso(), version: "1.0".parse().unwrap() };
        let many = |n| BlockAccount { published: vec![published.clone(); n], ..block(ANN) };
        let happened = account_event(ANN, AccountBlocked { account: ANN, reason: None, until: None });
        given([registered(ANN)]).when(&many(BLOCK_VERSIONS_MAX), Actor::Operator).then([happened]);
        given([registered(ANN)])
            .when(&many(BLOCK_VERSIONS_MAX + 1), Actor::Operator)
            .refused(&Refusal::invalid("account", "published more than 5000 versions; delete plugins first"));
    }
}
