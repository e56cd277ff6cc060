//! Who owns a plugin, and what the rules about owners share.

use crate::Fact;
use cairn_domain::event::{InvitationWithdrawn, Stream};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::plugin::Plugin;
use cairn_domain::{Known, Refusal};
use serde::{Deserialize, Serialize};

/// Who owns a plugin after a deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// The plugin.
    pub package: PackageName,
    /// The accounts that own it themselves.
    pub owners: Vec<AccountId>,
    /// The names of the teams that own it.
    #[serde(default)]
    pub teams: Vec<String>,
}

pub(super) fn owners(after: &Known, package: &PackageName) -> Owners {
    let plugin = after.plugin(package).expect("the decider found the plugin");
    Owners {
        package: package.clone(),
        owners: plugin.owners.iter().copied().collect(),
        teams: plugin.teams.iter().cloned().collect(),
    }
}

/// Refuses to take away the only account or team that owns the plugin.
pub(super) fn not_the_last(plugin: &Plugin) -> Result<(), Refusal> {
    if plugin.owners.len() + plugin.teams.len() > 1 {
        Ok(())
    } else {
        Err(Refusal::LastOwner { package: plugin.package.to_string() })
    }
}

/// Refuses an account that is no owner in person.
pub(super) fn must_own(plugin: &Plugin, account: AccountId) -> Result<(), Refusal> {
    if plugin.owners.contains(&account) {
        return Ok(());
    }
    Err(Refusal::OwnerUnknown { package: plugin.package.to_string(), account: account.to_string() })
}

/// What ends together with an account's ownership: the invitations that it sent and the offers of its place. Otherwise
/// somebody who was sent away could come back by an invitation to a friend.
pub(super) fn invitations_of(plugin: &Plugin, owner: AccountId) -> Vec<Fact> {
    let of_owner = plugin
        .invitations
        .iter()
        .filter(|(_, invitation)| invitation.inviter == Some(owner) || invitation.replaces == Some(owner));
    let withdrawn = |(id, _): (&_, &_)| {
        let event = InvitationWithdrawn { package: plugin.package.clone(), invitation: *id };
        (Stream::plugin(&plugin.package), event.into())
    };
    of_owner.map(withdrawn).collect()
}
