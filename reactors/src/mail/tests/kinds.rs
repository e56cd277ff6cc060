//! What each kind of event means, by the golden events.

use super::super::letter::{Letter, To, letter};
use cairn_domain::event::Event;
use std::collections::BTreeMap;
use std::path::Path;

/// Every kind that makes letters, with their sort and whom they are for. All other kinds make none.
const LETTERS: [(&str, &str, &str); 38] = [
    ("AccountBlocked", "notice", "account"),
    ("AccountUnblocked", "notice", "account"),
    ("AdminGranted", "notice", "account"),
    ("AdminWithdrawn", "notice", "account"),
    ("EmailChanged", "notice", "account"),
    ("EmailConfirmationAsked", "confirm_address", "account"),
    ("IdentityLinked", "notice", "account"),
    ("IdentityUnlinked", "notice", "account"),
    ("OwnerAdded", "notice", "account"),
    ("OwnerInvited", "owner_invitation", "account"),
    ("OwnerRemoved", "notice", "account"),
    ("OwnershipTransferred", "notice", "account"),
    ("PasswordChanged", "notice", "account"),
    ("PasswordResetAsked", "reset_password", "account"),
    ("PluginMarkedForDeletion", "plugin_deletion", "owners"),
    ("PluginRevived", "notice", "account"),
    ("PublisherNamed", "notice", "owners"),
    ("RecoveryCodeUsed", "notice", "account"),
    ("RecoveryCodesMade", "notice", "account"),
    ("SecondFactorAdded", "notice", "account"),
    ("SecondFactorRemoved", "notice", "account"),
    ("SessionEnded", "notice", "account"),
    ("SessionOpened", "notice", "account"),
    ("SignUpInvited", "sign_up", "invited"),
    ("StaffGranted", "notice", "account"),
    ("StaffWithdrawn", "notice", "account"),
    ("TokenIssued", "notice", "account"),
    ("TokenRevoked", "notice", "holder"),
    ("TrustGranted", "notice", "account"),
    ("TrustWithdrawn", "notice", "account"),
    ("VersionApproved", "version", "owners"),
    ("VersionDeleted", "version", "owners"),
    ("VersionRefused", "version", "owners"),
    ("VersionReplaced", "waiting", "staff"),
    ("VersionReviewAsked", "waiting", "staff"),
    ("VersionUnapproved", "version", "owners"),
    ("VersionUploaded", "waiting", "staff"),
    ("VersionYanked", "version", "owners"),
];

/// Kinds of which some events make a letter and others none.
const SOMETIMES: [&str; 2] = ["SessionOpened", "SessionEnded"];

/// All golden events by kind, old schemas too.
fn golden() -> BTreeMap<String, Vec<Event>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut words = name.split('.');
        let (kind, schema) = (words.next().unwrap(), words.next().unwrap());
        let text = std::fs::read_to_string(&path).unwrap();
        let golden: serde_json::Value = serde_json::from_str(&text).unwrap();
        let payload = golden["payload"].to_string();
        let event = Event::decode(kind, schema.parse().unwrap(), payload.as_bytes()).unwrap();
        events.entry(event.kind().to_owned()).or_default().push(event);
    }
    events
}

#[test]
fn every_kind_of_event_makes_the_letter_that_it_should_or_none() {
    let golden = golden();
    for (kind, _) in Event::KINDS {
        let events = golden.get(*kind).unwrap_or_else(|| panic!("{kind} has a golden event"));
        let expected = LETTERS.iter().find(|(known, ..)| known == kind).map(|(_, sort, to)| (*sort, *to));
        let made: Vec<_> =
            events.iter().map(|event| letter(event).map(|it| (it.says.name(), to(&it)))).collect();
        if SOMETIMES.contains(kind) {
            assert!(made.contains(&expected) && expected.is_some(), "{kind}: {made:?}");
            assert!(made.iter().all(|one| one.is_none() || *one == expected), "{kind}: {made:?}");
        } else {
            assert!(made.iter().all(|one| *one == expected), "{kind}: {made:?} and not {expected:?}");
        }
    }
}

fn to(letter: &Letter) -> &'static str {
    match letter.to {
        To::Account(_) => "account",
        To::Holder(_) => "holder",
        To::Owners(..) => "owners",
        To::Staff => "staff",
        To::Invited(_) => "invited",
    }
}

#[test]
fn programs_that_sign_in_and_people_who_sign_out_are_not_written_to() {
    use cairn_domain::event::{SessionEnded, SessionOpened};
    use cairn_domain::ids::{AccountId, SessionId};
    use cairn_domain::session::{SessionEnd, SessionSort};
    use uuid::Uuid;
    let (session, account) = (SessionId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
    let opened =
        |sort| Event::from(SessionOpened { session, account, sort, second_factor: false, country: None });
    assert!(letter(&opened(SessionSort::Web)).is_some());
    assert_eq!(letter(&opened(SessionSort::Api)), None);
    let ended = |end| Event::from(SessionEnded { session, account, end });
    assert!(letter(&ended(SessionEnd::Reused)).is_some());
    assert_eq!(letter(&ended(SessionEnd::SignedOut)), None);
    assert_eq!(letter(&ended(SessionEnd::Revoked)), None);
}
