//! What happens to plugins beyond the first twenty-one kinds.

use crate::examples::{ANN, BOB, id, lasso, number};
use crate::people::later;
use cairn_domain::event::*;
use cairn_domain::ids::InvitationId;
use cairn_domain::names::{PackageName, Sha256, TeamName};
use cairn_domain::plugin::Channel;

pub(crate) fn plugins(put: &mut impl FnMut(Stream, Option<&'static str>, Event)) {
    let mut put = |shape, event| put(Stream::plugin(&lasso()), shape, event);
    let (package, reason) = (lasso, || Some(String::from("moved to QGIS itself")));
    let because = || reason().unwrap_or_default();
    put(Some("reason"), OwnerAdded { package: package(), account: BOB, reason: reason() }.into());
    put(Some("reason"), OwnerRemoved { package: package(), account: BOB, reason: reason() }.into());
    let transferred = OwnershipTransferred { package: package(), from: ANN, to: BOB, reason: reason() };
    put(Some("reason"), transferred.into());

    let invitation = InvitationId(id(0x11));
    let invited = |replaces, inviter| OwnerInvited {
        package: lasso(),
        invitation,
        account: BOB,
        replaces,
        inviter,
        expires_at: later(),
    };
    put(None, invited(Some(ANN), None).into());
    put(Some("beside"), invited(None, None).into());
    put(Some("inviter"), invited(None, Some(ANN)).into());
    put(None, InvitationAccepted { package: package(), invitation }.into());
    put(None, InvitationDeclined { package: package(), invitation }.into());
    put(None, InvitationWithdrawn { package: package(), invitation }.into());
    let team: TeamName = "QGIS-core_1".parse().unwrap();
    put(None, TeamOwnerAdded { package: package(), team: team.clone() }.into());
    put(None, TeamOwnerRemoved { package: package(), team }.into());

    put(None, MaintainerNamed { package: package(), account: Some(BOB) }.into());
    put(Some("nobody"), MaintainerNamed { package: package(), account: None }.into());
    put(None, RenamingAllowed { package: package(), allowed: true }.into());
    let successor: PackageName = "lasso3".parse().unwrap();
    let deprecated = |successor, reason| PluginDeprecated { package: lasso(), successor, reason };
    put(None, deprecated(Some(successor), reason()).into());
    put(Some("bare"), deprecated(None, None).into());
    put(None, PluginUndeprecated { package: package() }.into());
    put(None, PluginFeatured { package: package() }.into());
    put(None, PluginUnfeatured { package: package() }.into());
    put(None, PluginMarkedForDeletion { package: package(), until: later(), reason: reason() }.into());
    put(None, PluginRestored { package: package() }.into());
    put(None, PluginTombstoned { package: package(), reason: reason() }.into());
    put(None, PluginRevived { package: package(), owner: BOB, reason: reason() }.into());

    let (version, sha256) = (number("1.2.0-beta"), Sha256::of(b"the zip"));
    let base = Some(number("1.1.0"));
    let approved =
        VersionApproved { package: package(), version: version.clone(), sha256, base: base.clone() };
    put(Some("base"), approved.into());
    let refused =
        |base| VersionRefused { package: lasso(), version: version.clone(), sha256, base, reason: because() };
    put(None, refused(base).into());
    put(Some("first"), refused(None).into());
    let asked = VersionReviewAsked { package: package(), version: version.clone(), reason: reason() };
    put(None, asked.into());
    put(None, VersionYanked { package: package(), version: version.clone(), reason: because() }.into());
    put(None, VersionUnyanked { package: package(), version: version.clone() }.into());
    let pinned = |channel| VersionPinned { package: lasso(), channel, version: version.clone() };
    put(None, pinned(Channel::Stable).into());
    put(Some("experimental"), pinned(Channel::Experimental).into());
    put(None, VersionUnpinned { package: package(), channel: Channel::Stable }.into());
}
