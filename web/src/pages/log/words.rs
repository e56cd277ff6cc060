//! An event in plain words: what somebody did, and to what.

use serde_json::Value;

/// What was done, as it goes on after whoever did it. Words in braces are taken from the facts.
const WORDS: &[(&str, &str)] = &[
    ("AccountRegistered", "made an account"),
    ("TrustGranted", "trusted an account: its uploads need no review"),
    ("TrustWithdrawn", "withdrew the trust in an account"),
    ("StaffGranted", "made an account staff"),
    ("StaffWithdrawn", "made an account staff no longer"),
    ("AdminGranted", "made an account of the staff an admin"),
    ("AdminWithdrawn", "made an admin staff like any other"),
    ("AccountBlocked", "blocked an account"),
    ("AccountUnblocked", "unblocked an account"),
    ("EmailConfirmationAsked", "asked for a link to confirm an address"),
    ("EmailConfirmed", "confirmed an address"),
    ("EmailChanged", "changed an address"),
    ("PasswordResetAsked", "asked for a link to set a password"),
    ("PasswordChanged", "changed a password"),
    ("SessionsEnded", "ended all sessions of an account"),
    ("SecondFactorAdded", "added a second factor"),
    ("SecondFactorRemoved", "removed a second factor"),
    ("RecoveryCodesMade", "made recovery codes"),
    ("RecoveryCodeUsed", "used a recovery code"),
    ("IdentityLinked", "linked an identity elsewhere"),
    ("IdentityUnlinked", "unlinked an identity elsewhere"),
    ("AccountErased", "erased an account: nothing personal is left of it"),
    ("SessionOpened", "signed in"),
    ("SessionEnded", "ended a session"),
    ("PluginRegistered", "began the plugin {package}"),
    ("PluginDetailsEdited", "changed what {package} says of itself"),
    ("VersionUploaded", "uploaded {package} {version}"),
    ("VersionReplaced", "replaced the file of {package} {version}"),
    ("VersionApproved", "approved {package} {version}"),
    ("VersionUnapproved", "took {package} {version} out of the feeds"),
    ("VersionRefused", "refused {package} {version}"),
    ("VersionReviewAsked", "asked for another look at {package} {version}"),
    ("VersionDeleted", "deleted {package} {version}"),
    ("VersionYanked", "yanked {package} {version}"),
    ("VersionUnyanked", "offered {package} {version} again"),
    ("VersionPinned", "pinned {package} {version} as the {channel} one"),
    ("VersionUnpinned", "unpinned the {channel} version of {package}"),
    ("OwnerAdded", "added an owner to {package}"),
    ("OwnerRemoved", "removed an owner from {package}"),
    ("OwnershipTransferred", "handed an owner's place of {package} on"),
    ("OwnerInvited", "invited an owner to {package}"),
    ("InvitationAccepted", "accepted an invitation to own {package}"),
    ("InvitationDeclined", "declined an invitation to own {package}"),
    ("InvitationWithdrawn", "withdrew an invitation to own {package}"),
    ("TeamOwnerAdded", "made the team {team} an owner of {package}"),
    ("TeamOwnerRemoved", "removed the team {team} from the owners of {package}"),
    ("MaintainerNamed", "said who maintains {package}"),
    ("RenamingAllowed", "decided whether {package} may be renamed"),
    ("PluginDeprecated", "deprecated {package}"),
    ("PluginUndeprecated", "took back that {package} is deprecated"),
    ("PluginFeatured", "featured {package}"),
    ("PluginUnfeatured", "featured {package} no longer"),
    ("PluginMarkedForDeletion", "marked {package} for deletion"),
    ("PluginRestored", "restored {package}"),
    ("PluginTombstoned", "ended {package} for good"),
    ("PluginRevived", "gave the name {package} to a new owner"),
    ("PluginNameClaimed", "took the name “{name}” for {package}"),
    ("PublisherNamed", "named a trusted publisher of {package}"),
    ("PublisherRemoved", "removed a trusted publisher of {package}"),
    ("TokenIssued", "made a token for {package}"),
    ("CiTokenIssued", "got a short token for {package}, by the word of a CI service"),
    ("IdentityTokenSpent", "used up the word of a CI service"),
    ("TokenRevoked", "ended a token"),
    ("TeamFormed", "formed the team {team}"),
    ("TeamMemberAdded", "added a member to the team {team}"),
    ("TeamMemberRemoved", "removed a member from the team {team}"),
    ("SignUpInvited", "invited somebody to make an account"),
    ("SignUpInvitationUsed", "made an account by an invitation"),
    ("PolicySet", "changed the rules of the repository"),
    ("StaffCounted", "left {staff} staff accounts"),
    ("QgisReleasesSet", "set which QGIS versions the labels mean"),
    ("VoteCast", "gave {package} {score} of 5"),
];

/// What was done; a kind that this program does not know stands for itself.
pub(super) fn words(kind: &str, payload: Option<&Value>) -> String {
    let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == kind) else {
        return kind.to_owned();
    };
    let mut text = String::new();
    let mut rest = *words;
    while let Some((before, after)) = rest.split_once('{') {
        let (key, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        match payload.and_then(|payload| payload.get(key)) {
            Some(Value::String(value)) => text.push_str(value),
            Some(Value::Number(value)) => text.push_str(&value.to_string()),
            _ => text.push('?'),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Every kind in plain words, by the words.
pub(super) fn kinds() -> Vec<(&'static str, String)> {
    let plain = |(kind, _): &(&'static str, &str)| (*kind, spaced(kind));
    let mut kinds: Vec<(&'static str, String)> = WORDS.iter().map(plain).collect();
    kinds.sort_by(|a, b| a.1.cmp(&b.1));
    kinds
}

/// `VersionApproved` as `Version approved`.
pub(super) fn spaced(kind: &str) -> String {
    let mut text = String::new();
    for (at, c) in kind.char_indices() {
        if at > 0 && c.is_ascii_uppercase() {
            text.push(' ');
            text.push(c.to_ascii_lowercase());
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::Event;
    use serde_json::json;

    #[test]
    fn every_kind_has_words() {
        for (kind, _) in Event::KINDS {
            assert!(WORDS.iter().any(|(known, _)| known == kind), "{kind}");
        }
        assert_eq!(WORDS.len(), Event::KINDS.len());
    }

    #[test]
    fn words_name_what_it_was_about() {
        let payload = json!({ "package": "lasso", "version": "1.2", "score": 4 });
        assert_eq!(words("VersionApproved", Some(&payload)), "approved lasso 1.2");
        assert_eq!(words("VoteCast", Some(&payload)), "gave lasso 4 of 5");
        assert_eq!(words("VersionApproved", None), "approved ? ?");
        assert_eq!(words("PluginSold", Some(&payload)), "PluginSold");
    }

    #[test]
    fn a_kind_reads_as_words() {
        assert_eq!(spaced("CiTokenIssued"), "Ci token issued");
        assert!(kinds().iter().any(|(kind, words)| *kind == "VoteCast" && words == "Vote cast"));
    }
}
