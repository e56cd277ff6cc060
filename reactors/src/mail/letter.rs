//! Which letter an event makes, and for whom. Pure: what it takes of the vault and of other histories is looked up when the
//! letter is sent.

use cairn_domain::account::FactorSort;
use cairn_domain::event::{
    AccountEvent, Event, PluginEvent, PublisherEvent, SessionEvent, SignUpEvent, SiteEvent, TeamEvent,
    TokenEvent, VotesEvent,
};
use cairn_domain::ids::{AccountId, ChallengeId, InvitationId, TokenId};
use cairn_domain::names::PackageName;
use cairn_domain::publisher::Workflow;
use cairn_domain::session::{SessionEnd, SessionSort};
use cairn_domain::version_number::VersionNumber;
use chrono::{DateTime, Utc};

/// A letter that an event makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// For whom.
    pub to: To,
    /// What it is about.
    pub says: Says,
}

/// For whom a letter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// The account's holder.
    Account(AccountId),
    /// The holder of the account that a token acts for.
    Holder(TokenId),
    /// The owners of a plugin, members of teams too, and this account if there is one.
    Owners(PackageName, Option<AccountId>),
    /// All staff who have proved their addresses.
    Staff,
    /// Whoever is invited to sign up.
    Invited(ChallengeId),
}

/// What a letter is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// The link that proves an address.
    ConfirmAddress(Link),
    /// The link that sets a new password.
    ResetPassword(Link),
    /// The link that makes an account.
    SignUp(Link),
    /// A plugin may be owned, beside its owners or in the place of one.
    OwnerInvitation {
        /// The plugin.
        package: PackageName,
        /// The invitation.
        invitation: InvitationId,
        /// Whoever accepts takes an owner's place over.
        transfer: bool,
        /// When the invitation ends.
        expires_at: DateTime<Utc>,
    },
    /// Something happened to the receiver's own account.
    Notice(Notice),
    /// Something happened to a version of the receiver's plugin.
    Version {
        /// The plugin.
        package: PackageName,
        /// The version.
        version: VersionNumber,
        /// What.
        news: VersionNews,
        /// Why, in the words of whoever decided.
        reason: Option<String>,
    },
    /// The receiver's plugin is hidden, and gone after this time.
    PluginDeletion {
        /// The plugin.
        package: PackageName,
        /// Until when it can be restored.
        until: DateTime<Utc>,
        /// Why, in the words of whoever decided.
        reason: Option<String>,
    },
    /// A version waits for somebody of the staff to look at it.
    Waiting {
        /// The plugin.
        package: PackageName,
        /// The version.
        version: VersionNumber,
    },
}

/// A link with a secret, which is made of the challenge when the letter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Names the link.
    pub challenge: ChallengeId,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What happened to the receiver's own account.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A browser signed in, from this country as far as that is known.
    SignedIn { country: Option<String>, second_factor: bool },
    /// A refresh token was used twice.
    RefreshTokenReused,
    /// A plugin token was made.
    TokenMade { package: PackageName, expires_at: Option<DateTime<Utc>> },
    /// A token ended before its time.
    TokenRevoked { reason: Option<String> },
    /// A workflow may publish the receiver's plugin.
    PublisherNamed { package: PackageName, workflow: Workflow },
    /// Signing in takes a second factor.
    SecondFactorAdded(FactorSort),
    /// A second factor is good no longer.
    SecondFactorRemoved,
    /// There are new recovery codes.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// The password is another.
    PasswordChanged,
    /// The address is another.
    AddressChanged,
    /// An identity elsewhere may sign in.
    IdentityLinked,
    /// An identity elsewhere may sign in no longer.
    IdentityUnlinked,
    /// The account may do nothing any more.
    Blocked { reason: Option<String>, until: Option<DateTime<Utc>> },
    /// The account may act again.
    Unblocked { reason: Option<String> },
    /// Uploads need no review.
    TrustGranted { reason: Option<String> },
    /// Uploads need review again.
    TrustWithdrawn { reason: Option<String> },
    /// The account is staff.
    StaffGranted,
    /// The account is staff no longer.
    StaffWithdrawn,
    /// The account is an admin.
    AdminGranted,
    /// The account is an admin no longer.
    AdminWithdrawn,
    /// The account owns a plugin.
    OwnerAdded { package: PackageName, reason: Option<String> },
    /// The account owns a plugin no longer.
    OwnerRemoved { package: PackageName, reason: Option<String> },
}

/// What happened to a version of the receiver's plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionNews {
    /// It is public.
    Approved,
    /// Somebody looked at it and said no.
    Refused,
    /// It is public no longer.
    Unapproved,
    /// It is offered no longer.
    Yanked,
    /// It is gone.
    Deleted,
}

impl Says {
    /// Its name in metrics and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConfirmAddress(_) => "confirm_address",
            Self::ResetPassword(_) => "reset_password",
            Self::SignUp(_) => "sign_up",
            Self::OwnerInvitation { .. } => "owner_invitation",
            Self::Notice(_) => "notice",
            Self::Version { .. } => "version",
            Self::PluginDeletion { .. } => "plugin_deletion",
            Self::Waiting { .. } => "waiting",
        }
    }

    /// Whether it is for whoever did it, too. What happens to an account is told also to who seems to have done it: it may have
    /// been somebody else with their credential.
    pub fn is_for_its_actor(&self) -> bool {
        match self {
            Self::OwnerInvitation { .. }
            | Self::Notice(Notice::OwnerAdded { .. } | Notice::OwnerRemoved { .. })
            | Self::Version { .. }
            | Self::PluginDeletion { .. }
            | Self::Waiting { .. } => false,
            Self::ConfirmAddress(_) | Self::ResetPassword(_) | Self::SignUp(_) | Self::Notice(_) => true,
        }
    }
}

/// The letter that this event makes, if it makes one.
pub fn letter(event: &Event) -> Option<Letter> {
    match event {
        Event::Account(event) => of_account(event),
        Event::Session(event) => of_session(event),
        Event::Plugin(event) => of_plugin(event),
        Event::Publisher(event) => of_publisher(event),
        Event::Token(event) => of_token(event),
        Event::SignUp(SignUpEvent::SignUpInvited(invited)) => {
            let link = Link { challenge: invited.challenge, expires_at: invited.expires_at };
            Some(Letter { to: To::Invited(invited.challenge), says: Says::SignUp(link) })
        }
        Event::SignUp(SignUpEvent::SignUpInvitationUsed(_))
        | Event::PluginName(_)
        | Event::Team(
            TeamEvent::TeamFormed(_) | TeamEvent::TeamMemberAdded(_) | TeamEvent::TeamMemberRemoved(_),
        )
        | Event::Site(SiteEvent::PolicySet(_) | SiteEvent::StaffCounted(_) | SiteEvent::QgisReleasesSet(_))
        | Event::Votes(VotesEvent::VoteCast(_)) => None,
    }
}

fn of_account(event: &AccountEvent) -> Option<Letter> {
    let notice = |account: AccountId, notice| letter_to(account, Says::Notice(notice));
    match event {
        AccountEvent::EmailConfirmationAsked(asked) => {
            let link = Link { challenge: asked.challenge, expires_at: asked.expires_at };
            letter_to(asked.account, Says::ConfirmAddress(link))
        }
        AccountEvent::PasswordResetAsked(asked) => {
            let link = Link { challenge: asked.challenge, expires_at: asked.expires_at };
            letter_to(asked.account, Says::ResetPassword(link))
        }
        AccountEvent::TrustGranted(it) => {
            notice(it.account, Notice::TrustGranted { reason: it.reason.clone() })
        }
        AccountEvent::TrustWithdrawn(it) => {
            notice(it.account, Notice::TrustWithdrawn { reason: it.reason.clone() })
        }
        AccountEvent::StaffGranted(it) => notice(it.account, Notice::StaffGranted),
        AccountEvent::StaffWithdrawn(it) => notice(it.account, Notice::StaffWithdrawn),
        AccountEvent::AdminGranted(it) => notice(it.account, Notice::AdminGranted),
        AccountEvent::AdminWithdrawn(it) => notice(it.account, Notice::AdminWithdrawn),
        AccountEvent::AccountBlocked(it) => {
            notice(it.account, Notice::Blocked { reason: it.reason.clone(), until: it.until })
        }
        AccountEvent::AccountUnblocked(it) => {
            notice(it.account, Notice::Unblocked { reason: it.reason.clone() })
        }
        AccountEvent::EmailChanged(it) => notice(it.account, Notice::AddressChanged),
        AccountEvent::PasswordChanged(it) => notice(it.account, Notice::PasswordChanged),
        AccountEvent::SecondFactorAdded(it) => notice(it.account, Notice::SecondFactorAdded(it.sort)),
        AccountEvent::SecondFactorRemoved(it) => notice(it.account, Notice::SecondFactorRemoved),
        AccountEvent::RecoveryCodesMade(it) => notice(it.account, Notice::RecoveryCodesMade),
        AccountEvent::RecoveryCodeUsed(it) => notice(it.account, Notice::RecoveryCodeUsed),
        AccountEvent::IdentityLinked(it) => notice(it.account, Notice::IdentityLinked),
        AccountEvent::IdentityUnlinked(it) => notice(it.account, Notice::IdentityUnlinked),
        // Of an erased account no address is known.
        AccountEvent::AccountRegistered(_)
        | AccountEvent::EmailConfirmed(_)
        | AccountEvent::SessionsEnded(_)
        | AccountEvent::AccountErased(_) => None,
    }
}

fn of_session(event: &SessionEvent) -> Option<Letter> {
    match event {
        SessionEvent::SessionOpened(opened) => match opened.sort {
            SessionSort::Web => {
                let notice =
                    Notice::SignedIn { country: opened.country.clone(), second_factor: opened.second_factor };
                letter_to(opened.account, Says::Notice(notice))
            }
            // Programs sign in by the hour.
            SessionSort::Api => None,
        },
        SessionEvent::SessionEnded(ended) => match ended.end {
            SessionEnd::Reused => letter_to(ended.account, Says::Notice(Notice::RefreshTokenReused)),
            SessionEnd::SignedOut | SessionEnd::Revoked => None,
        },
    }
}

fn of_token(event: &TokenEvent) -> Option<Letter> {
    match event {
        TokenEvent::TokenIssued(it) => {
            let notice = Notice::TokenMade { package: it.package.clone(), expires_at: it.expires_at };
            letter_to(it.account, Says::Notice(notice))
        }
        TokenEvent::TokenRevoked(it) => Some(Letter {
            to: To::Holder(it.token),
            says: Says::Notice(Notice::TokenRevoked { reason: it.reason.clone() }),
        }),
        // Each run of a workflow makes one.
        TokenEvent::CiTokenIssued(_) | TokenEvent::IdentityTokenSpent(_) => None,
    }
}

fn of_publisher(event: &PublisherEvent) -> Option<Letter> {
    match event {
        PublisherEvent::PublisherNamed(it) => Some(Letter {
            to: To::Owners(it.package.clone(), Some(it.account)),
            says: Says::Notice(Notice::PublisherNamed {
                package: it.package.clone(),
                workflow: it.workflow.clone(),
            }),
        }),
        PublisherEvent::PublisherRemoved(_) => None,
    }
}

fn of_plugin(event: &PluginEvent) -> Option<Letter> {
    let version = |package: &PackageName, version: &VersionNumber, news, reason: Option<String>| {
        let says = Says::Version { package: package.clone(), version: version.clone(), news, reason };
        Some(Letter { to: To::Owners(package.clone(), None), says })
    };
    let waiting = |package: &PackageName, version: &VersionNumber| {
        let says = Says::Waiting { package: package.clone(), version: version.clone() };
        Some(Letter { to: To::Staff, says })
    };
    let notice = |account: AccountId, notice| letter_to(account, Says::Notice(notice));
    match event {
        PluginEvent::VersionUploaded(it) => waiting(&it.package, &it.version),
        PluginEvent::VersionReplaced(it) => waiting(&it.package, &it.version),
        PluginEvent::VersionReviewAsked(it) => waiting(&it.package, &it.version),
        PluginEvent::VersionApproved(it) => version(&it.package, &it.version, VersionNews::Approved, None),
        PluginEvent::VersionUnapproved(it) => {
            version(&it.package, &it.version, VersionNews::Unapproved, it.reason.clone())
        }
        PluginEvent::VersionRefused(it) => {
            version(&it.package, &it.version, VersionNews::Refused, Some(it.reason.clone()))
        }
        PluginEvent::VersionDeleted(it) => {
            version(&it.package, &it.version, VersionNews::Deleted, it.reason.clone())
        }
        PluginEvent::VersionYanked(it) => {
            version(&it.package, &it.version, VersionNews::Yanked, Some(it.reason.clone()))
        }
        PluginEvent::OwnerInvited(it) => {
            let says = Says::OwnerInvitation {
                package: it.package.clone(),
                invitation: it.invitation,
                transfer: it.replaces.is_some(),
                expires_at: it.expires_at,
            };
            letter_to(it.account, says)
        }
        PluginEvent::OwnerAdded(it) => {
            notice(it.account, Notice::OwnerAdded { package: it.package.clone(), reason: it.reason.clone() })
        }
        PluginEvent::OwnerRemoved(it) => notice(
            it.account,
            Notice::OwnerRemoved { package: it.package.clone(), reason: it.reason.clone() },
        ),
        PluginEvent::OwnershipTransferred(it) => {
            notice(it.from, Notice::OwnerRemoved { package: it.package.clone(), reason: it.reason.clone() })
        }
        PluginEvent::PluginRevived(it) => {
            notice(it.owner, Notice::OwnerAdded { package: it.package.clone(), reason: it.reason.clone() })
        }
        PluginEvent::PluginMarkedForDeletion(it) => {
            let says = Says::PluginDeletion {
                package: it.package.clone(),
                until: it.until,
                reason: it.reason.clone(),
            };
            Some(Letter { to: To::Owners(it.package.clone(), None), says })
        }
        PluginEvent::PluginRegistered(_)
        | PluginEvent::PluginDetailsEdited(_)
        | PluginEvent::VersionUnyanked(_)
        | PluginEvent::VersionPinned(_)
        | PluginEvent::VersionUnpinned(_)
        | PluginEvent::InvitationAccepted(_)
        | PluginEvent::InvitationDeclined(_)
        | PluginEvent::InvitationWithdrawn(_)
        | PluginEvent::TeamOwnerAdded(_)
        | PluginEvent::TeamOwnerRemoved(_)
        | PluginEvent::MaintainerNamed(_)
        | PluginEvent::RenamingAllowed(_)
        | PluginEvent::PluginDeprecated(_)
        | PluginEvent::PluginUndeprecated(_)
        | PluginEvent::PluginFeatured(_)
        | PluginEvent::PluginUnfeatured(_)
        | PluginEvent::PluginRestored(_)
        | PluginEvent::PluginTombstoned(_) => None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every caller answers whether there is a letter")]
fn letter_to(account: AccountId, says: Says) -> Option<Letter> {
    Some(Letter { to: To::Account(account), says })
}
