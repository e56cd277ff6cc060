//! The event that makes one thing what it was, or why that is somebody's to decide.

use super::aspect::{Aspect, Value, version};
use super::plan::Reasons;
use crate::account::able;
use cairn_domain::Event;
use cairn_domain::Known;
use cairn_domain::event::{
    AccountBlocked, AccountUnblocked, InvitationWithdrawn, MaintainerNamed, PluginDeprecated,
    PluginDetailsEdited, PluginFeatured, PluginMarkedForDeletion, PluginRestored, PluginUndeprecated,
    PluginUnfeatured, PolicySet, PublisherRemoved, QgisReleasesSet, RenamingAllowed, TokenRevoked,
    TrustGranted, TrustWithdrawn, VersionApproved, VersionPinned, VersionUnapproved, VersionUnpinned,
    VersionUnyanked, VersionYanked,
};
use cairn_domain::names::PackageName;
use cairn_domain::plugin::{Channel, Deletion};
use cairn_domain::version_number::VersionNumber;
use chrono::{DateTime, Utc};

/// Why every compensating event happened, as the log tells it.
pub(super) const REASON: &str = "taken back: what one account did was undone";

/// What a plan knows when it restores.
pub(super) struct Now<'k> {
    pub(super) known: &'k Known,
    pub(super) at: DateTime<Utc>,
    pub(super) admin: bool,
    pub(super) reasons: &'k Reasons,
}

/// What came of one thing: an event, nothing to do, or why it is left.
pub(super) type Restored = Result<Option<Event>, &'static str>;

#[expect(clippy::unnecessary_wraps, reason = "most events have a reason that may be absent")]
fn reason() -> Option<String> {
    Some(REASON.to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside what cannot be restored")]
fn so(event: impl Into<Event>) -> Restored {
    Ok(Some(event.into()))
}

impl Now<'_> {
    /// Makes one thing what it was before. Owners, teams, members and roles depend on each other and are restored elsewhere.
    pub(super) fn restore(&self, aspect: &Aspect, before: &Value) -> Restored {
        if let Some(package) = plugin_of(aspect)
            && !matches!(aspect, Aspect::Deletion(_))
            && self.known.living(package).is_err()
        {
            return Err("the plugin is deleted, or marked for it");
        }
        match (aspect, before) {
            (Aspect::Trust(account), Value::Is(true)) => match able(self.known, *account, self.at) {
                Ok(_) => so(TrustGranted { account: *account, reason: reason() }),
                Err(_) => Err("the account is blocked or erased"),
            },
            (Aspect::Trust(account), _) => so(TrustWithdrawn { account: *account, reason: reason() }),
            (Aspect::Block(account), Value::Block(Some(block))) => {
                let known = self.known.account(*account).map_err(|_| "there is no such account")?;
                if known.staff {
                    return Err("the account is staff now, which is not blocked");
                }
                if block.until.is_some_and(|until| until <= self.at) {
                    return Ok(None);
                }
                so(AccountBlocked { account: *account, reason: reason(), until: block.until })
            }
            (Aspect::Block(account), _) => so(AccountUnblocked { account: *account, reason: reason() }),
            (Aspect::Public(package, id), before) => self.restore_public(package, *id, before),
            (Aspect::Yanked(package, id), before) => self.restore_yank(package, *id, before),
            (Aspect::Pin(package, channel), Value::Version(before)) => {
                self.restore_pin(package, *channel, before.as_ref())
            }
            (Aspect::Invitation(package, invitation), Value::Is(false)) => {
                so(InvitationWithdrawn { package: package.clone(), invitation: *invitation })
            }
            (Aspect::Invitation(..), _) => {
                Err("an invitation that was answered does not come back; invite again")
            }
            (Aspect::Maintainer(package), Value::Account(account)) => {
                so(MaintainerNamed { package: package.clone(), account: *account })
            }
            (Aspect::Renaming(package), before) => {
                so(RenamingAllowed { package: package.clone(), allowed: *before == Value::Is(true) })
            }
            (Aspect::Deprecation(package), Value::Deprecation(true, successor)) => so(PluginDeprecated {
                package: package.clone(),
                successor: successor.clone(),
                reason: self.reasons.deprecated(package),
            }),
            (Aspect::Deprecation(package), _) => so(PluginUndeprecated { package: package.clone() }),
            (Aspect::Featured(package), Value::Is(true)) => so(PluginFeatured { package: package.clone() }),
            (Aspect::Featured(package), _) => so(PluginUnfeatured { package: package.clone() }),
            (Aspect::Details(package), Value::Details(Some(details))) => so(PluginDetailsEdited {
                package: package.clone(),
                details: (**details).clone(),
                from_version: None,
            }),
            // It came into being with these details; they go when its versions do.
            (Aspect::Details(_), _) => Ok(None),
            (Aspect::Deletion(package), Value::Deletion(before)) => self.restore_deletion(package, *before),
            (Aspect::Token(token), Value::Is(false)) => so(TokenRevoked { token: *token, reason: reason() }),
            (Aspect::Token(_), _) => Err("a revoked token does not come back; make another"),
            (Aspect::Publisher(package, publisher), Value::Is(false)) => {
                so(PublisherRemoved { package: package.clone(), publisher: *publisher })
            }
            (Aspect::Publisher(..), _) => Err("a removed publisher does not come back; name it again"),
            (Aspect::Policy | Aspect::Releases, _) => self.restore_site(before),
            (Aspect::Deleted(..), _) => Err("a deleted version does not come back; its number stays used"),
            (Aspect::Refused(..) | Aspect::ReviewAsked(..), _) => {
                Err("look at the version and approve or refuse it anew")
            }
            (
                Aspect::Pin(..)
                | Aspect::Maintainer(_)
                | Aspect::Deletion(_)
                | Aspect::Owner(..)
                | Aspect::Team(..)
                | Aspect::Member(..)
                | Aspect::Staff(_)
                | Aspect::Admin(_),
                _,
            ) => unreachable!("values are of their aspects, and who belongs where is restored elsewhere"),
        }
    }

    fn restore_public(&self, package: &PackageName, id: u64, before: &Value) -> Restored {
        let plugin = self.known.living(package).map_err(|_| "the plugin is deleted, or marked for it")?;
        let found = version(plugin, id).ok_or("there is no such version")?;
        if *before != Value::Is(true) {
            let (package, version) = (package.clone(), found.number.clone());
            return so(VersionUnapproved { package, version, reason: reason() });
        }
        if found.deleted {
            return Err("a deleted version does not come back; its number stays used");
        }
        so(VersionApproved {
            package: package.clone(),
            version: found.number.clone(),
            sha256: found.sha256,
            base: plugin.newest_approved().map(|base| base.number.clone()),
        })
    }

    fn restore_yank(&self, package: &PackageName, id: u64, before: &Value) -> Restored {
        let plugin = self.known.living(package).map_err(|_| "the plugin is deleted, or marked for it")?;
        let found = version(plugin, id).filter(|version| !version.deleted);
        let number = found.ok_or("the version was deleted")?.number.clone();
        let package = package.clone();
        if *before == Value::Is(true) {
            let reason = self.reasons.yanked(&package, id).unwrap_or_else(|| REASON.to_owned());
            so(VersionYanked { package, version: number, reason })
        } else {
            so(VersionUnyanked { package, version: number })
        }
    }

    fn restore_pin(
        &self,
        package: &PackageName,
        channel: Channel,
        before: Option<&VersionNumber>,
    ) -> Restored {
        let Some(number) = before else {
            return so(VersionUnpinned { package: package.clone(), channel });
        };
        let plugin = self.known.living(package).map_err(|_| "the plugin is deleted, or marked for it")?;
        let offered = plugin
            .versions
            .iter()
            .any(|version| version.number == *number && version.is_offered() && version.channel() == channel);
        if !offered {
            return Err("the version that was pinned is not offered any more");
        }
        so(VersionPinned { package: package.clone(), channel, version: number.clone() })
    }

    fn restore_deletion(&self, package: &PackageName, before: Option<Deletion>) -> Restored {
        let now = self.known.plugin_like(package).and_then(|plugin| plugin.deletion);
        match (before, now) {
            (None, Some(Deletion::Marked { .. })) => so(PluginRestored { package: package.clone() }),
            (Some(Deletion::Marked { until }), None) if self.at < until => {
                so(PluginMarkedForDeletion { package: package.clone(), until, reason: reason() })
            }
            (Some(Deletion::Marked { .. }), _) => Err("it should have been deleted meanwhile; mark it again"),
            (_, Some(Deletion::Tombstone)) => Err("a plugin that is gone does not come back by itself"),
            _ => Err("a plugin that was given away is its new owner's"),
        }
    }

    fn restore_site(&self, before: &Value) -> Restored {
        match before {
            Value::Policy(_) if !self.admin => Err("only an admin may change the policy"),
            Value::Policy(policy) => so(PolicySet { policy: *policy }),
            Value::Releases(Some(releases)) => so(QgisReleasesSet { releases: releases.clone() }),
            _ => Err("nobody had said what the labels mean; say it"),
        }
    }
}

/// The plugin that it is about.
fn plugin_of(aspect: &Aspect) -> Option<&PackageName> {
    match aspect {
        Aspect::Public(package, _)
        | Aspect::Yanked(package, _)
        | Aspect::Refused(package, _)
        | Aspect::ReviewAsked(package, _)
        | Aspect::Deleted(package, _)
        | Aspect::Pin(package, _)
        | Aspect::Owner(package, _)
        | Aspect::Team(package, _)
        | Aspect::Invitation(package, _)
        | Aspect::Maintainer(package)
        | Aspect::Renaming(package)
        | Aspect::Deprecation(package)
        | Aspect::Featured(package)
        | Aspect::Details(package)
        | Aspect::Deletion(package) => Some(package),
        Aspect::Trust(_)
        | Aspect::Staff(_)
        | Aspect::Admin(_)
        | Aspect::Block(_)
        | Aspect::Member(..)
        | Aspect::Token(_)
        | Aspect::Publisher(..)
        | Aspect::Policy
        | Aspect::Releases => None,
    }
}
