//! Mark a plugin for deletion, or restore it.

use crate::{Command, Fact, reason};
use cairn_domain::event::{PluginMarkedForDeletion, PluginRestored, Stream};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::{Deletion, RESTORABLE_DAYS};
use cairn_domain::{Known, Moment, Refusal};
use chrono::TimeDelta;
use serde::Serialize;

/// Hides a plugin from lists, feeds and visitors at once. It can be restored for [`RESTORABLE_DAYS`] days; then it is
/// buried for good. Its name and its version numbers stay used either way.
#[derive(Debug, Clone, Serialize)]
pub struct MarkForDeletion {
    /// The plugin.
    pub package: PackageName,
    /// Why.
    pub reason: Option<String>,
}

/// Brings a plugin back as it was before it was marked for deletion.
#[derive(Debug, Clone, Serialize)]
pub struct RestorePlugin {
    /// The plugin.
    pub package: PackageName,
}

impl Command for MarkForDeletion {
    const NAME: &'static str = "mark_for_deletion";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        acting.may_change(plugin)?;
        reason::optional(self.reason.as_deref())?;
        match plugin.deletion {
            Some(Deletion::Marked { .. }) => return Ok(vec![]),
            Some(Deletion::Tombstone) | None => plugin.must_live()?,
        }
        let marked = PluginMarkedForDeletion {
            package: self.package.clone(),
            until: moment.now + TimeDelta::days(RESTORABLE_DAYS),
            reason: self.reason.clone(),
        };
        Ok(vec![(Stream::plugin(&self.package), marked.into())])
    }

    fn answer(&self, _after: &Known) -> PackageName {
        self.package.clone()
    }
}

impl Command for RestorePlugin {
    const NAME: &'static str = "restore_plugin";
    type Answer = PackageName;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let plugin = known.plugin(&self.package)?;
        let package = || self.package.to_string();
        if plugin.deletion == Some(Deletion::Tombstone) {
            return Err(Refusal::PluginGone { package: package() });
        }
        acting.may_change(plugin)?;
        match plugin.deletion {
            None => Err(Refusal::PluginNotDeleted { package: package() }),
            // Its burial is due, whether or not the schedule has come to it.
            Some(Deletion::Marked { until }) if until <= moment.now => {
                Err(Refusal::PluginGone { package: package() })
            }
            Some(Deletion::Marked { .. } | Deletion::Tombstone) => {
                let restored = PluginRestored { package: self.package.clone() };
                Ok(vec![(Stream::plugin(&self.package), restored.into())])
            }
        }
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

    fn mark() -> MarkForDeletion {
        MarkForDeletion { package: lasso(), reason: Some("not mine".into()) }
    }

    fn restore() -> RestorePlugin {
        RestorePlugin { package: lasso() }
    }

    fn restored() -> Fact {
        plugin_event(PluginRestored { package: lasso() })
    }

    fn marked_until(until: chrono::DateTime<chrono::Utc>) -> Facts {
        plugin_event(PluginMarkedForDeletion { package: lasso(), until, reason: None }).into()
    }

    #[test]
    fn owners_and_staff_mark_a_plugin_for_thirty_days() {
        let expected = plugin_event(PluginMarkedForDeletion {
            package: lasso(),
            until: noon() + TimeDelta::days(30),
            reason: Some("not mine".into()),
        });
        given([lasso_of_ann()]).when(&mark(), by(ANN)).then([expected.clone()]);
        given([lasso_of_ann(), approved("1.0").into()]).when(&mark(), Actor::Operator).then([expected]);
    }

    #[test]
    fn owners_and_staff_restore_what_is_marked() {
        given([lasso_of_ann(), marked()]).when(&restore(), by(ANN)).then([restored()]);
        given([lasso_of_ann(), marked()]).when(&restore(), Actor::Operator).then([restored()]);
    }

    #[test]
    fn a_restored_plugin_lives() {
        given([lasso_of_ann(), marked(), restored().into()])
            .when(&restore(), by(ANN))
            .refused(&Refusal::PluginNotDeleted { package: "lasso".into() });
    }

    #[test]
    fn restoring_ends_when_the_time_is_over() {
        let last = marked_until(noon() + TimeDelta::microseconds(1));
        given([lasso_of_ann(), last]).when(&restore(), by(ANN)).then([restored()]);
        given([lasso_of_ann(), marked_until(noon())])
            .when(&restore(), by(ANN))
            .refused(&Refusal::PluginGone { package: "lasso".into() });
    }

    #[test]
    fn what_is_marked_stays_so_and_what_is_gone_too() {
        given([lasso_of_ann(), marked()]).when(&mark(), by(ANN)).then([]);
        let gone = Refusal::PluginGone { package: "lasso".into() };
        given([lasso_of_ann(), marked(), tombstoned()]).when(&mark(), Actor::Operator).refused(&gone);
        given([lasso_of_ann(), marked(), tombstoned()]).when(&restore(), Actor::Operator).refused(&gone);
        given([lasso_of_ann(), marked(), tombstoned()]).when(&restore(), by(ANN)).refused(&gone);
    }

    #[test]
    fn a_reason_has_words() {
        let silent = MarkForDeletion { reason: Some(" ".into()), ..mark() };
        let refusal = Refusal::invalid("reason", "say why in some words");
        given([lasso_of_ann()]).when(&silent, by(ANN)).refused(&refusal);
    }

    #[test]
    fn strangers_and_tokens_do_neither() {
        stranger_and_token_are_refused(&mark());
        stranger_and_token_are_refused(&restore());
    }
}
