//! Advise against using a plugin, or take that back.

use crate::{Command, Fact, reason};
use cairn_domain::event::{PluginDeprecated, PluginUndeprecated, Stream};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Tells visitors and QGIS that nobody should begin to use the plugin any more. Its metadata may say so as well; this holds
/// whatever later metadata says.
#[derive(Debug, Clone, Serialize)]
pub struct DeprecatePlugin {
    /// The plugin.
    pub package: PackageName,
    /// The plugin to use instead.
    pub successor: Option<PackageName>,
    /// Why, shown to everybody.
    pub reason: Option<String>,
}

/// Takes back what [`DeprecatePlugin`] said; what the metadata says stays.
#[derive(Debug, Clone, Serialize)]
pub struct UndeprecatePlugin {
    /// The plugin.
    pub package: PackageName,
}

impl Command for DeprecatePlugin {
    const NAME: &'static str = "deprecate_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        let successor = self.successor.as_ref().map(Stream::plugin);
        [Stream::plugin(&self.package)].into_iter().chain(successor).collect()
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        reason::optional(self.reason.as_deref())?;
        if let Some(successor) = &self.successor
            && known.living(successor)?.package == plugin.package
        {
            return Err(Refusal::invalid("successor", "a plugin does not succeed itself"));
        }
        if plugin.deprecated && plugin.successor == self.successor && self.reason.is_none() {
            return Ok(vec![]);
        }
        let deprecated = PluginDeprecated {
            package: self.package.clone(),
            successor: self.successor.clone(),
            reason: self.reason.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), deprecated.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

impl Command for UndeprecatePlugin {
    const NAME: &'static str = "undeprecate_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.living(&self.package)?;
        acting.may_change(plugin)?;
        if !plugin.deprecated {
            return Ok(vec![]);
        }
        let undeprecated = PluginUndeprecated { package: self.package.clone() };
        Ok(vec![(Stream::plugin(&self.package), undeprecated.into())])
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
    use cairn_domain::event::{PluginMarkedForDeletion, PluginRegistered};

    fn rope() -> PackageName {
        "rope".parse().unwrap()
    }

    fn rope_of_ann() -> Facts {
        (Stream::plugin(&rope()), PluginRegistered { package: rope(), owner: ANN }.into()).into()
    }

    fn deprecate(successor: Option<PackageName>, reason: Option<&str>) -> DeprecatePlugin {
        DeprecatePlugin { package: lasso(), successor, reason: reason.map(str::to_owned) }
    }

    fn deprecated(successor: Option<PackageName>, reason: Option<&str>) -> Fact {
        plugin_event(PluginDeprecated { package: lasso(), successor, reason: reason.map(str::to_owned) })
    }

    fn undeprecate() -> UndeprecatePlugin {
        UndeprecatePlugin { package: lasso() }
    }

    #[test]
    fn owners_and_staff_deprecate_and_take_it_back() {
        let why = Some("QGIS has it now");
        given([lasso_of_ann()]).when(&deprecate(None, why), by(ANN)).then([deprecated(None, why)]);
        given([lasso_of_ann(), rope_of_ann()])
            .when(&deprecate(Some(rope()), None), Actor::Operator)
            .then([deprecated(Some(rope()), None)]);
        given([lasso_of_ann(), deprecated(None, why).into()])
            .when(&undeprecate(), by(ANN))
            .then([plugin_event(PluginUndeprecated { package: lasso() })]);
    }

    #[test]
    fn a_successor_is_another_plugin_that_is_there() {
        let unknown = Refusal::PluginUnknown { package: "rope".into() };
        given([lasso_of_ann()]).when(&deprecate(Some(rope()), None), by(ANN)).refused(&unknown);
        let itself = Refusal::invalid("successor", "a plugin does not succeed itself");
        given([lasso_of_ann()]).when(&deprecate(Some(lasso()), None), by(ANN)).refused(&itself);
        let marked = PluginMarkedForDeletion { package: rope(), until: noon(), reason: None };
        let marked: Fact = (Stream::plugin(&rope()), marked.into());
        given([lasso_of_ann(), rope_of_ann(), marked.into()])
            .when(&deprecate(Some(rope()), None), by(ANN))
            .refused(&Refusal::PluginDeleted { package: "rope".into() });
    }

    #[test]
    fn already_so_is_not_an_error_and_another_reason_is_news() {
        given([lasso_of_ann()]).when(&undeprecate(), by(ANN)).then([]);
        let before = [lasso_of_ann(), deprecated(None, None).into()];
        given(before.clone()).when(&deprecate(None, None), by(ANN)).then([]);
        given(before)
            .when(&deprecate(None, Some("broken")), by(ANN))
            .then([deprecated(None, Some("broken"))]);
    }

    #[test]
    fn a_reason_has_words() {
        let refusal = Refusal::invalid("reason", "say why in some words");
        given([lasso_of_ann()]).when(&deprecate(None, Some("")), by(ANN)).refused(&refusal);
    }

    #[test]
    fn strangers_and_tokens_do_not() {
        stranger_and_token_are_refused(&deprecate(None, None));
        stranger_and_token_are_refused(&undeprecate());
    }

    #[test]
    fn a_plugin_that_is_marked_or_gone_is_past_advice() {
        dead_plugins_refuse(&deprecate(None, None));
        dead_plugins_refuse(&undeprecate());
    }
}
