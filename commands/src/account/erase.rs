//! Erase an account.

use super::Trail;
use super::own_or;
use super::staff::counted_without;
use crate::{AccountChange, Command, Fact, Personal};
use cairn_domain::event::{AccountErased, OwnerRemoved, StaffWithdrawn, Stream, TeamMemberRemoved};
use cairn_domain::ids::AccountId;
use cairn_domain::plugin::Plugin;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Forgets everything that the vault knows of an account's holder and ends all its credentials. The log keeps its hashes, and
/// its names show as erased.
///
/// Plugins of others that it owns too stay with them; those that nobody else owns must be handed over or deleted before.
#[derive(Debug, Clone, Serialize)]
pub struct EraseAccount {
    /// The account: one's own, or as admin anybody's.
    pub account: AccountId,
    /// What the log holds of it, read just before.
    #[serde(skip)]
    pub trail: Trail,
}

impl EraseAccount {
    /// Whether somebody else can act for the plugin.
    fn has_another_owner(&self, known: &Known, plugin: &Plugin) -> bool {
        let others = |account: &AccountId| *account != self.account;
        let in_team = |team: &String| {
            let name = team.parse().ok();
            let team = name.and_then(|name| known.team(&name).ok());
            team.is_some_and(|team| team.members.iter().any(others))
        };
        plugin.owners.iter().any(others) || plugin.teams.iter().any(in_team)
    }

    fn owns(&self, known: &Known, plugin: &Plugin) -> bool {
        let in_team = |team: &String| {
            let name = team.parse().ok();
            let team = name.and_then(|name| known.team(&name).ok());
            team.is_some_and(|team| team.members.contains(&self.account))
        };
        plugin.owners.contains(&self.account) || plugin.teams.iter().any(in_team)
    }
}

impl Command for EraseAccount {
    const NAME: &'static str = "erase_account";
    type Answer = AccountId;

    fn reads(&self) -> Vec<Stream> {
        let mut streams = self.trail.streams();
        streams.push(Stream::Account(self.account));
        streams
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        own_or(self.account, known, moment, |acting| match (acting.must_be_staff(), acting.admin) {
            (Ok(()), true) => Ok(()),
            (Ok(()), false) => Err(Refusal::NotAdmin),
            (Err(refusal), _) => Err(refusal),
        })?;
        let account = known.account(self.account)?;
        if account.erased {
            return Ok(vec![]);
        }
        let plugins: Vec<&Plugin> =
            self.trail.plugins.iter().filter_map(|package| known.plugin_like(package)).collect();
        let alone = |plugin: &&&Plugin| {
            plugin.deletion.is_none() && self.owns(known, plugin) && !self.has_another_owner(known, plugin)
        };
        let orphans: Vec<String> =
            plugins.iter().filter(alone).map(|plugin| plugin.package.to_string()).collect();
        if !orphans.is_empty() {
            return Err(Refusal::OwnsPlugins { packages: orphans });
        }
        let staff = counted_without(known, account)?;

        let (account, stream) = (self.account, Stream::Account(self.account));
        let mut facts = Vec::new();
        for plugin in plugins {
            if plugin.owners.contains(&account) && self.has_another_owner(known, plugin) {
                let removed = OwnerRemoved { package: plugin.package.clone(), account, reason: None };
                facts.push((Stream::plugin(&plugin.package), removed.into()));
            }
        }
        for team in self.trail.teams.iter().filter_map(|name| known.team(name).ok()) {
            if team.members.contains(&account) && team.members.len() > 1 {
                let removed = TeamMemberRemoved { team: team.name.clone(), account };
                facts.push((Stream::team(&team.name), removed.into()));
            }
        }
        if let Some(counted) = staff {
            facts.extend([(stream.clone(), StaffWithdrawn { account }.into()), counted]);
        }
        facts.push((stream, AccountErased { account }.into()));
        Ok(facts)
    }

    fn answer(&self, _after: &Known) -> AccountId {
        self.account
    }

    fn personal(&self) -> Vec<Personal> {
        vec![Personal::Account(AccountChange::Erased {
            account: self.account,
            packages: self.trail.packages.iter().copied().collect(),
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::{
        OwnerAdded, PluginMarkedForDeletion, TeamFormed, TeamMemberAdded, TeamOwnerAdded,
    };
    use cairn_domain::names::TeamName;

    fn erase() -> EraseAccount {
        let trail = Trail { plugins: [lasso()].into(), teams: [surveyors()].into(), ..Trail::default() };
        EraseAccount { account: ANN, trail }
    }

    fn surveyors() -> TeamName {
        "surveyors".parse().unwrap()
    }

    fn erased() -> Fact {
        account_event(ANN, AccountErased { account: ANN })
    }

    fn team_fact(event: impl Into<cairn_domain::Event>) -> Fact {
        (Stream::team(&surveyors()), event.into())
    }

    #[test]
    fn one_erases_oneself_and_an_admin_anybody() {
        let people = [registered(ANN), registered(BOB), registered(SUE), staff(SUE)];
        given(people.clone()).when(&erase(), by(ANN)).then([erased()]);
        given(people.clone()).when(&erase(), Actor::Operator).then([erased()]);
        given(people.clone()).when(&erase(), by(SUE)).refused(&Refusal::NotAdmin);
        given(people.clone()).when(&erase(), by(BOB)).refused(&Refusal::NotStaff);
        given(people).when(&erase(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn the_last_owner_hands_over_or_deletes_first() {
        let refusal = Refusal::OwnsPlugins { packages: vec!["lasso".into()] };
        given([lasso_of_ann()]).when(&erase(), by(ANN)).refused(&refusal);
        let until = noon() + chrono::TimeDelta::days(30);
        let marked = plugin_event(PluginMarkedForDeletion { package: lasso(), reason: None, until });
        given([lasso_of_ann(), marked.into()]).when(&erase(), by(ANN)).then([erased()]);
    }

    #[test]
    fn what_others_own_too_stays_with_them() {
        let bob_too = plugin_event(OwnerAdded { package: lasso(), account: BOB, reason: None });
        let removed = plugin_event(OwnerRemoved { package: lasso(), account: ANN, reason: None });
        given([lasso_of_ann(), registered(BOB), bob_too.into()])
            .when(&erase(), by(ANN))
            .then([removed, erased()]);
    }

    #[test]
    fn a_team_is_an_owner_as_long_as_it_has_somebody_else() {
        let formed = team_fact(TeamFormed { team: surveyors(), founder: ANN });
        let owns = plugin_event(TeamOwnerAdded { package: lasso(), team: surveyors() });
        let alone = [lasso_of_ann(), registered(BOB), formed.into(), owns.into()];
        let refusal = Refusal::OwnsPlugins { packages: vec!["lasso".into()] };
        given(alone.clone()).when(&erase(), by(ANN)).refused(&refusal);
        let bob_too = team_fact(TeamMemberAdded { team: surveyors(), account: BOB });
        given(alone.into_iter().chain([bob_too.into()])).when(&erase(), by(ANN)).then([
            plugin_event(OwnerRemoved { package: lasso(), account: ANN, reason: None }),
            team_fact(TeamMemberRemoved { team: surveyors(), account: ANN }),
            erased(),
        ]);
    }

    #[test]
    fn staff_are_counted_down() {
        let people = [registered(ANN), staff(ANN), registered(SUE), staff(SUE), staff_counted(2, 1)];
        given(people).when(&erase(), Actor::Operator).then([
            account_event(ANN, StaffWithdrawn { account: ANN }),
            crate::account::staff::counted(1, 1),
            erased(),
        ]);
    }

    #[test]
    fn the_last_admin_stays() {
        let people = [registered(ANN), staff(ANN), admin(ANN), staff_counted(1, 1)];
        given(people).when(&erase(), by(ANN)).refused(&Refusal::LastAdmin);
    }

    #[test]
    fn an_account_is_erased_once() {
        given([registered(ANN), erased().into()]).when(&erase(), Actor::Operator).then([]);
    }
}
