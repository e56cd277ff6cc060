//! Bury a plugin for good.

use crate::{Command, Fact, reason};
use cairn_domain::event::{PluginTombstoned, Stream};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::Deletion;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;

/// Deletes all versions of a plugin that is marked for deletion: when its time is over, or at once if staff say so. Its
/// name and its version numbers stay used; staff may give the name to somebody.
#[derive(Debug, Clone, Serialize)]
pub struct TombstonePlugin {
    /// The plugin.
    pub package: PackageName,
    /// Why.
    pub reason: Option<String>,
}

impl Command for TombstonePlugin {
    const NAME: &'static str = "tombstone_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        let plugin = known.plugin(&self.package)?;
        reason::optional(self.reason.as_deref())?;
        match plugin.deletion {
            None => return Err(Refusal::PluginNotDeleted { package: self.package.to_string() }),
            Some(Deletion::Tombstone) => return Ok(vec![]),
            // It was restored and marked again since the schedule looked.
            Some(Deletion::Marked { until }) if moment.actor == Actor::Site && moment.now < until => {
                return Ok(vec![]);
            }
            Some(Deletion::Marked { .. }) => {}
        }
        let gone = PluginTombstoned { package: self.package.clone(), reason: self.reason.clone() };
        Ok(vec![(Stream::plugin(&self.package), gone.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::event::PluginMarkedForDeletion;
    use chrono::{DateTime, TimeDelta, Utc};

    fn bury() -> TombstonePlugin {
        TombstonePlugin { package: lasso(), reason: None }
    }

    fn gone() -> Fact {
        plugin_event(PluginTombstoned { package: lasso(), reason: None })
    }

    fn marked_until(until: DateTime<Utc>) -> Facts {
        plugin_event(PluginMarkedForDeletion { package: lasso(), until, reason: None }).into()
    }

    #[test]
    fn the_site_buries_when_the_time_is_over_and_not_before() {
        given([lasso_of_ann(), marked_until(noon())]).when(&bury(), Actor::Site).then([gone()]);
        let later = marked_until(noon() + TimeDelta::microseconds(1));
        given([lasso_of_ann(), later]).when(&bury(), Actor::Site).then([]);
    }

    #[test]
    fn staff_bury_what_is_marked_at_once() {
        given([lasso_of_ann(), marked(), registered(SUE), staff(SUE)]).when(&bury(), by(SUE)).then([gone()]);
    }

    #[test]
    fn a_living_plugin_is_marked_first() {
        let living = Refusal::PluginNotDeleted { package: "lasso".into() };
        given([lasso_of_ann()]).when(&bury(), Actor::Operator).refused(&living);
        given([lasso_of_ann()]).when(&bury(), Actor::Site).refused(&living);
    }

    #[test]
    fn owners_do_not_bury_their_own() {
        given([lasso_of_ann(), marked()]).when(&bury(), by(ANN)).refused(&Refusal::NotStaff);
    }

    #[test]
    fn a_reason_has_words() {
        let silent = TombstonePlugin { reason: Some(String::new()), ..bury() };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given([lasso_of_ann(), marked()]).when(&silent, Actor::Operator).refused(&refusal);
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([lasso_of_ann(), marked(), tombstoned()]).when(&bury(), Actor::Site).then([]);
        let nowhere = Refusal::PluginUnknown { package: "lasso".into() };
        given([registered(ANN)]).when(&bury(), Actor::Operator).refused(&nowhere);
    }
}
