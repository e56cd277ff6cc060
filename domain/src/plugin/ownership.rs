//! Who owns a plugin, and who was asked to.

use crate::ids::{AccountId, InvitationId};
use crate::names::{PackageName, TeamName};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An account owns the plugin too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerAdded {
    /// The plugin.
    pub package: PackageName,
    /// The new owner.
    pub account: AccountId,
    /// Why, in the words of the staff member who decided; absent when an invitation was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An account owns the plugin no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerRemoved {
    /// The plugin.
    pub package: PackageName,
    /// The former owner.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One owner gave their place to another account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipTransferred {
    /// The plugin.
    pub package: PackageName,
    /// The former owner.
    pub from: AccountId,
    /// The owner now.
    pub to: AccountId,
    /// Why, in the words of the staff member who decided; absent when an invitation was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An account was asked to own the plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerInvited {
    /// The plugin.
    pub package: PackageName,
    /// Names the invitation.
    pub invitation: InvitationId,
    /// Who was asked.
    pub account: AccountId,
    /// The owner whose place it is: who accepts takes it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<AccountId>,
    /// The owner who asked; absent when staff did. The invitation ends with that ownership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inviter: Option<AccountId>,
    /// When the invitation ends.
    pub expires_at: DateTime<Utc>,
}

/// The invited account said yes; that it owns the plugin now is told beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationAccepted {
    /// The plugin.
    pub package: PackageName,
    /// The invitation.
    pub invitation: InvitationId,
}

/// The invited account said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationDeclined {
    /// The plugin.
    pub package: PackageName,
    /// The invitation.
    pub invitation: InvitationId,
}

/// An owner took the invitation back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationWithdrawn {
    /// The plugin.
    pub package: PackageName,
    /// The invitation.
    pub invitation: InvitationId,
}

/// A team owns the plugin too: each of its members, whoever they are at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamOwnerAdded {
    /// The plugin.
    pub package: PackageName,
    /// The team.
    pub team: TeamName,
}

/// A team owns the plugin no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamOwnerRemoved {
    /// The plugin.
    pub package: PackageName,
    /// The team.
    pub team: TeamName,
}
