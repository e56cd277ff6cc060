//! Recommend a plugin, or do so no longer.

use crate::{Command, Fact};
use cairn_domain::event::{PluginFeatured, PluginUnfeatured, Stream};
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Shows visitors that staff recommend the plugin.
#[derive(Debug, Clone, Serialize)]
pub struct FeaturePlugin {
    /// The plugin.
    pub package: PackageName,
}

/// Ends what [`FeaturePlugin`] began.
#[derive(Debug, Clone, Serialize)]
pub struct UnfeaturePlugin {
    /// The plugin.
    pub package: PackageName,
}

impl Command for FeaturePlugin {
    const NAME: &'static str = "feature_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if known.living(&self.package)?.featured {
            return Ok(vec![]);
        }
        let featured = PluginFeatured { package: self.package.clone() };
        Ok(vec![(Stream::plugin(&self.package), featured.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

impl Command for UnfeaturePlugin {
    const NAME: &'static str = "unfeature_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        if !known.living(&self.package)?.featured {
            return Ok(vec![]);
        }
        let unfeatured = PluginUnfeatured { package: self.package.clone() };
        Ok(vec![(Stream::plugin(&self.package), unfeatured.into())])
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

    fn feature() -> FeaturePlugin {
        FeaturePlugin { package: lasso() }
    }

    fn unfeature() -> UnfeaturePlugin {
        UnfeaturePlugin { package: lasso() }
    }

    fn featured() -> Fact {
        plugin_event(PluginFeatured { package: lasso() })
    }

    #[test]
    fn staff_recommend_and_think_again() {
        let history = [lasso_of_ann(), registered(SUE), staff(SUE)];
        given(history.clone()).when(&feature(), by(SUE)).then([featured()]);
        given(history.into_iter().chain([featured().into()]))
            .when(&unfeature(), by(SUE))
            .then([plugin_event(PluginUnfeatured { package: lasso() })]);
    }

    #[test]
    fn owners_do_not_recommend_their_own() {
        given([lasso_of_ann(), trusted(ANN)]).when(&feature(), by(ANN)).refused(&Refusal::NotStaff);
        given([lasso_of_ann(), featured().into()]).when(&unfeature(), by(ANN)).refused(&Refusal::NotStaff);
        given([lasso_of_ann()]).when(&feature(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann(), featured().into()]).when(&feature(), Actor::Operator).then([]);
        given([lasso_of_ann()]).when(&unfeature(), Actor::Operator).then([]);
    }

    #[test]
    fn what_is_not_there_is_not_recommended() {
        let nowhere = Refusal::PluginUnknown { package: "lasso".into() };
        given([registered(ANN)]).when(&feature(), Actor::Operator).refused(&nowhere);
        dead_plugins_refuse(&feature());
        dead_plugins_refuse(&unfeature());
    }
}
