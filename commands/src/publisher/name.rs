//! Name a trusted publisher.

use crate::{Command, Fact};
use cairn_domain::event::{PublisherNamed, Stream};
use cairn_domain::ids::PublisherId;
use cairn_domain::names::PackageName;
use cairn_domain::publisher::Workflow;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// How many publishers an account may name for one plugin. A plugin has one or two; a list without end would cost every
/// exchange.
pub const PUBLISHERS_OF_ACCOUNT_MAX: usize = 20;

/// Lets a workflow publish versions of a plugin for the acting account. The plugin need not exist: the workflow's first
/// upload then makes it, if nobody was faster.
#[derive(Debug, Clone, Serialize)]
pub struct NamePublisher {
    /// Minted by the caller.
    #[serde(skip)]
    pub publisher: PublisherId,
    /// The plugin.
    pub package: PackageName,
    /// Which workflow.
    pub workflow: Workflow,
    /// Its uploads may become public without review when the account's would.
    pub may_approve: bool,
}

impl Command for NamePublisher {
    const NAME: &'static str = "name_publisher";
    type Answer = PublisherId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::publishers(&self.package), Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_in_person(moment)?;
        let acting = known.acting_to_publish(moment)?;
        let account = acting.account.ok_or(Refusal::Unauthenticated)?;
        if let Some(plugin) = known.plugin_like(&self.package) {
            if plugin.package != self.package {
                return Err(Refusal::PluginUnknown { package: self.package.to_string() });
            }
            plugin.must_live()?;
            acting.may_change(plugin)?;
        }
        let named = known.publishers(&self.package).named;
        let own = || named.values().filter(|publisher| publisher.account == account);
        if own()
            .any(|publisher| publisher.workflow == self.workflow && publisher.may_approve == self.may_approve)
        {
            return Ok(vec![]);
        }
        if own().count() >= PUBLISHERS_OF_ACCOUNT_MAX {
            let message =
                format!("has at most {PUBLISHERS_OF_ACCOUNT_MAX} publishers of yours; remove one first");
            return Err(Refusal::invalid("package", message));
        }
        let named = PublisherNamed {
            package: self.package.clone(),
            publisher: self.publisher,
            account,
            workflow: self.workflow.clone(),
            may_approve: self.may_approve,
        };
        Ok(vec![(Stream::publishers(&self.package), named.into())])
    }

    /// The new publisher, or the one that was named so before.
    fn answer(&self, after: &Known) -> PublisherId {
        let named = after.publishers(&self.package).named;
        let same = |publisher: &&PublisherNamed| {
            publisher.workflow == self.workflow && publisher.may_approve == self.may_approve
        };
        let before = || named.values().find(same).map(|publisher| publisher.publisher);
        if named.contains_key(&self.publisher) { self.publisher } else { before().unwrap_or(self.publisher) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publisher::stories::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::PolicySet;
    use cairn_domain::ids::AccountId;
    use cairn_domain::site::Policy;
    use uuid::Uuid;

    fn name() -> NamePublisher {
        NamePublisher { publisher: PUBLISHER, package: lasso(), workflow: release(), may_approve: false }
    }

    fn named_by(account: AccountId) -> Fact {
        publisher_named(PUBLISHER, account)
    }

    #[test]
    fn an_owner_names_a_publisher_and_anybody_one_for_a_plugin_to_come() {
        given([lasso_of_ann()]).when(&name(), by(ANN)).then([named_by(ANN)]);
        given([registered(BOB)]).when(&name(), by(BOB)).then([named_by(BOB)]);
    }

    #[test]
    fn strangers_tokens_and_nobody_name_none() {
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), registered(BOB)]).when(&name(), by(BOB)).refused(&not_owner);
        given([lasso_of_ann(), token_of(ANN)]).when(&name(), by_token_of(ANN)).refused(&Refusal::TokenScope);
        given([lasso_of_ann()]).when(&name(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn where_publishers_need_a_second_factor_so_does_who_names_one() {
        let strict = PolicySet { policy: Policy { publisher_factor: true, ..Policy::default() } };
        given([lasso_of_ann(), Fact::from((Stream::Site, strict.into())).into()])
            .when(&name(), by(ANN))
            .refused(&Refusal::SecondFactorRequired);
    }

    #[test]
    fn the_same_again_is_no_second_one() {
        let again = NamePublisher { publisher: PublisherId(Uuid::from_u128(9)), ..name() };
        given([lasso_of_ann(), named_by(ANN).into()]).when(&again, by(ANN)).then([]);
    }

    #[test]
    fn an_account_names_a_bounded_number() {
        let some = |count: u128| {
            (0..count).map(|n| {
                let mut event = named_of(PublisherId(Uuid::from_u128(100 + n)), ANN);
                event.workflow.workflow = format!("{n}.yml");
                Facts::from((Stream::publishers(&lasso()), event.into()))
            })
        };
        given(std::iter::once(lasso_of_ann()).chain(some(19))).when(&name(), by(ANN)).then([named_by(ANN)]);
        let refusal = Refusal::invalid("package", "has at most 20 publishers of yours; remove one first");
        given(std::iter::once(lasso_of_ann()).chain(some(20))).when(&name(), by(ANN)).refused(&refusal);
    }
}
