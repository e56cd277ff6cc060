//! The words of each letter: its subject, and what notices and news say. All subjects are here.

use super::letter::{Notice, Says, VersionNews};
use cairn_domain::account::FactorSort;
use cairn_domain::publisher::Workflow;
use chrono::{DateTime, Utc};

/// The subject, without the name of the site.
pub(super) fn subject(says: &Says) -> String {
    match says {
        Says::ConfirmAddress(_) => "Confirm your address".into(),
        Says::ResetPassword(_) => "Choose a new password".into(),
        Says::SignUp(_) => "You are invited to make an account".into(),
        Says::OwnerInvitation { package, transfer: false, .. } => {
            format!("You are asked to own the plugin {package}")
        }
        Says::OwnerInvitation { package, transfer: true, .. } => {
            format!("You are offered the plugin {package}")
        }
        Says::Notice(notice) => subject_of_notice(notice),
        Says::Version { package, version, news, .. } => {
            let what = match news {
                VersionNews::Approved => "is public",
                VersionNews::Refused => "was refused",
                VersionNews::Unapproved => "is public no longer",
                VersionNews::Yanked => "was yanked",
                VersionNews::Deleted => "was deleted",
            };
            format!("{package} {version} {what}")
        }
        Says::PluginDeletion { package, .. } => format!("The plugin {package} was deleted"),
        Says::Waiting { package, version } => format!("{package} {version} waits for review"),
    }
}

fn subject_of_notice(notice: &Notice) -> String {
    let subject = match notice {
        Notice::SignedIn { .. } => "New sign-in to your account",
        Notice::RefreshTokenReused => "A stolen sign-in was ended",
        Notice::TokenMade { package, .. } => return format!("A token for {package} was made"),
        Notice::TokenRevoked { .. } => "A token of yours was revoked",
        Notice::PublisherNamed { package, .. } => return format!("A workflow may publish {package}"),
        Notice::SecondFactorAdded(_) => "A second factor was added to your account",
        Notice::SecondFactorRemoved => "A second factor was removed from your account",
        Notice::RecoveryCodesMade => "Your account has new recovery codes",
        Notice::RecoveryCodeUsed => "A recovery code of yours was used",
        Notice::PasswordChanged => "Your password was changed",
        Notice::AddressChanged => "The address of your account was changed",
        Notice::IdentityLinked => "Your account can be signed in to from elsewhere",
        Notice::IdentityUnlinked => "A way to sign in to your account was removed",
        Notice::Blocked { .. } => "Your account is blocked",
        Notice::Unblocked { .. } => "Your account is blocked no longer",
        Notice::TrustGranted { .. } => "You are trusted",
        Notice::TrustWithdrawn { .. } => "You are trusted no longer",
        Notice::StaffGranted => "You are staff",
        Notice::StaffWithdrawn => "You are staff no longer",
        Notice::AdminGranted => "You are an admin",
        Notice::AdminWithdrawn => "You are an admin no longer",
        Notice::OwnerAdded { package, .. } => return format!("You own the plugin {package}"),
        Notice::OwnerRemoved { package, .. } => return format!("You own the plugin {package} no longer"),
    };
    subject.to_owned()
}

/// What a notice says beside its time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoticeWords {
    /// What happened.
    pub(super) sentence: String,
    /// What is known of it.
    pub(super) details: Vec<(&'static str, String)>,
    /// Why, in the words of whoever decided.
    pub(super) reason: Option<String>,
    /// What to do about it.
    pub(super) advice: Option<&'static str>,
}

/// For what a thief would do first.
const NOT_YOU: &str = "If that was not you, change your password now: all sessions end with that. Then look at your second \
    factors and tokens, and tell the staff.";

/// What a notice says.
pub(super) fn notice(notice: &Notice) -> NoticeWords {
    let plain = |sentence: &str| NoticeWords {
        sentence: sentence.to_owned(),
        details: vec![],
        reason: None,
        advice: None,
    };
    let security = |sentence: &str| NoticeWords { advice: Some(NOT_YOU), ..plain(sentence) };
    let because =
        |sentence: &str, reason: &Option<String>| NoticeWords { reason: reason.clone(), ..plain(sentence) };
    match notice {
        Notice::SignedIn { country, second_factor } => {
            let mut words = security("somebody signed in to your account with a browser.");
            words.details.extend(country.clone().map(|country| ("Country", country)));
            let factor = if *second_factor { "shown" } else { "none was asked for" };
            words.details.push(("Second factor", factor.to_owned()));
            words
        }
        Notice::RefreshTokenReused => NoticeWords {
            advice: Some(
                "Sign in anew with the program that you use. If you do not know which, change your password.",
            ),
            ..plain(
                "a refresh token of your account was used a second time. Somebody may have a copy of it, so everything that \
                 came of that sign-in was ended.",
            )
        },
        Notice::TokenMade { package, expires_at } => {
            let words = security(&format!(
                "a token was made for your account. Whoever has it can upload versions of the plugin {package}."
            ));
            let until = expires_at.map(|end| ("Good until", time(end)));
            NoticeWords { details: until.into_iter().collect(), ..words }
        }
        Notice::TokenRevoked { reason } => because("a token of your account is good no longer.", reason),
        Notice::PublisherNamed { package, workflow } => {
            let sentence = format!("runs of a CI workflow may now upload versions of the plugin {package}.");
            NoticeWords { details: workflow_details(workflow), ..security(&sentence) }
        }
        Notice::SecondFactorAdded(FactorSort::Totp) => {
            security("signing in to your account now takes a code of an app too.")
        }
        Notice::SecondFactorAdded(FactorSort::Passkey) => {
            security("signing in to your account now takes a passkey too.")
        }
        Notice::SecondFactorRemoved => security("a second factor of your account is good no longer."),
        Notice::RecoveryCodesMade => {
            security("new recovery codes were made for your account; earlier ones are good no longer.")
        }
        Notice::RecoveryCodeUsed => {
            security("a recovery code stood in for your second factor and is used up.")
        }
        Notice::PasswordChanged => {
            security("the password of your account was changed, and all its sessions ended.")
        }
        Notice::AddressChanged => {
            security("the mail address of your account was changed. Letters go to the new one from now on.")
        }
        Notice::IdentityLinked => {
            security("an identity of a directory or an identity provider may now sign in to your account.")
        }
        Notice::IdentityUnlinked => security("an identity elsewhere may sign in to your account no longer."),
        Notice::Blocked { reason, until } => {
            let words = because("your account was blocked. None of its credentials works any more.", reason);
            let end = until.map_or_else(|| "until somebody of the staff ends it".to_owned(), time);
            NoticeWords { details: vec![("Until", end)], ..words }
        }
        Notice::Unblocked { reason } => {
            because("your account may act again. Credentials from before the block stay dead.", reason)
        }
        Notice::TrustGranted { reason } => {
            because("you are trusted: what you upload to your own plugins needs no review.", reason)
        }
        Notice::TrustWithdrawn { reason } => {
            because("you are trusted no longer: what you upload waits for review.", reason)
        }
        Notice::StaffGranted => {
            security("your account has the staff role: it decides about everybody's plugins and accounts.")
        }
        Notice::StaffWithdrawn => plain("your account has the staff role no longer."),
        Notice::AdminGranted => {
            security("your account is an admin: it may grant the staff role and change settings.")
        }
        Notice::AdminWithdrawn => plain("your account is an admin no longer."),
        Notice::OwnerAdded { package, reason } => because(&format!("you own the plugin {package}."), reason),
        Notice::OwnerRemoved { package, reason } => {
            because(&format!("you own the plugin {package} no longer."), reason)
        }
    }
}

fn workflow_details(workflow: &Workflow) -> Vec<(&'static str, String)> {
    let mut details = vec![
        ("Issuer", workflow.issuer.clone()),
        ("Repository", workflow.repository.clone()),
        ("Workflow", workflow.workflow.clone()),
    ];
    details.extend(workflow.environment.clone().map(|environment| ("Environment", environment)));
    details.extend(workflow.ref_pattern.clone().map(|pattern| ("Ref", pattern)));
    details
}

/// What is told of a version.
pub(super) fn version_sentence(package: &str, version: &str, news: VersionNews) -> String {
    match news {
        VersionNews::Approved => {
            format!("version {version} of your plugin {package} was approved: it is public.")
        }
        VersionNews::Refused => format!(
            "somebody looked at version {version} of your plugin {package} and refused it. Send another file, or a new version."
        ),
        VersionNews::Unapproved => {
            format!(
                "the approval of version {version} of your plugin {package} was taken back: it is public no longer."
            )
        }
        VersionNews::Yanked => format!(
            "version {version} of your plugin {package} was yanked: it is offered no longer. Its page and file stay."
        ),
        VersionNews::Deleted => format!("version {version} of your plugin {package} was deleted."),
    }
}

/// What is told of a plugin that is hidden.
pub(super) fn deletion_sentence(package: &str, until: DateTime<Utc>) -> String {
    format!("your plugin {package} was deleted. You can restore it until {}.", time(until))
}

/// A time as people read it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// A reason as it stands in a letter: what staff write has no bound of its own everywhere.
pub(super) fn shortened(text: &str, chars_max: usize) -> String {
    let mut cut: String = text.chars().take(chars_max).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
