//! Name the maintainer of a plugin.

use crate::{Command, Fact};
use cairn_domain::event::{MaintainerNamed, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Tells visitors whom to write to. The account gets no rights by it.
#[derive(Debug, Clone, Serialize)]
pub struct NameMaintainer {
    /// The plugin.
    pub package: PackageName,
    /// The maintainer; nobody in particular when absent.
    pub account: Option<AccountId>,
}

impl Command for NameMaintainer {
    const NAME: &'static str = "name_maintainer";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        let account = self.account.map(Stream::Account);
        [Stream::plugin(&self.package)].into_iter().chain(account).collect()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        if let Some(account) = self.account
            && known.account(account)?.is_blocked(moment.now)
        {
            return Err(Refusal::AccountBlocked);
        }
        if plugin.maintainer == self.account {
            return Ok(vec![]);
        }
        let named = MaintainerNamed { package: self.package.clone(), account: self.account };
        Ok(vec![(Stream::plugin(&self.package), named.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn name(account: Option<AccountId>) -> NameMaintainer {
        NameMaintainer { package: lasso(), account }
    }

    fn named(account: Option<AccountId>) -> Fact {
        plugin_event(MaintainerNamed { package: lasso(), account })
    }

    #[test]
    fn owners_and_staff_name_a_maintainer_or_nobody() {
        let history = [lasso_of_ann(), registered(BOB)];
        given(history.clone()).when(&name(Some(BOB)), by(ANN)).then([named(Some(BOB))]);
        given(history.into_iter().chain([named(Some(BOB)).into()]))
            .when(&name(None), Actor::Operator)
            .then([named(None)]);
    }

    #[test]
    fn a_maintainer_has_no_rights_by_it() {
        let refusal = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), registered(BOB), named(Some(BOB)).into()])
            .when(&name(None), by(BOB))
            .refused(&refusal);
    }

    #[test]
    fn nobody_unknown_or_blocked_is_named() {
        let unknown = Refusal::AccountUnknown { account: BOB.to_string() };
        given([lasso_of_ann()]).when(&name(Some(BOB)), by(ANN)).refused(&unknown);
        given([lasso_of_ann(), registered(BOB), blocked(BOB)])
            .when(&name(Some(BOB)), by(ANN))
            .refused(&Refusal::AccountBlocked);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann()]).when(&name(None), by(ANN)).then([]);
    }

    #[test]
    fn strangers_and_tokens_do_not() {
        stranger_and_token_are_refused(&name(None));
    }

    #[test]
    fn a_plugin_that_is_marked_or_gone_has_no_new_maintainer() {
        dead_plugins_refuse(&name(Some(ANN)));
    }
}
