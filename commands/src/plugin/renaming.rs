//! Allow the name of a plugin to change.

use crate::{Command, Fact};
use cairn_domain::event::{RenamingAllowed, Stream};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Lets the metadata of the next versions give the plugin another name, or does so no longer. Names that the plugin had
/// stay its own for ever.
#[derive(Debug, Clone, Serialize)]
pub struct AllowRenaming {
    /// The plugin.
    pub package: PackageName,
    /// It may.
    pub allowed: bool,
}

impl Command for AllowRenaming {
    const NAME: &'static str = "allow_renaming";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        if plugin.renaming_allowed == self.allowed {
            return Ok(vec![]);
        }
        let allowed = RenamingAllowed { package: self.package.clone(), allowed: self.allowed };
        Ok(vec![(Stream::plugin(&self.package), allowed.into())])
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

    fn allow(allowed: bool) -> AllowRenaming {
        AllowRenaming { package: lasso(), allowed }
    }

    fn allowed(allowed: bool) -> Fact {
        plugin_event(RenamingAllowed { package: lasso(), allowed })
    }

    #[test]
    fn owners_and_staff_allow_it_and_end_it() {
        given([lasso_of_ann()]).when(&allow(true), by(ANN)).then([allowed(true)]);
        given([lasso_of_ann(), allowed(true).into()])
            .when(&allow(false), Actor::Operator)
            .then([allowed(false)]);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann()]).when(&allow(false), by(ANN)).then([]);
    }

    #[test]
    fn strangers_and_tokens_do_not() {
        stranger_and_token_are_refused(&allow(true));
    }

    #[test]
    fn a_plugin_that_is_marked_or_gone_keeps_its_name() {
        dead_plugins_refuse(&allow(true));
    }
}
