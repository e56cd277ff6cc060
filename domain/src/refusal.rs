//! Every reason to say no. One closed list: the codes are a public contract and never change or come back with
//! another meaning; the sentences may get better.

use crate::package::Finding;
use serde::{Deserialize, Serialize};

/// What sort of no it is; each door maps it once to its own kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The request itself is wrong (400).
    Invalid,
    /// Nobody is known to be asking (401).
    Unauthenticated,
    /// Somebody known asks for what is not theirs to do (403).
    Forbidden,
    /// There is no such thing, or none the caller may know of (404).
    NotFound,
    /// It contradicts what has happened already (409).
    Conflict,
    /// It is larger than the limit (413).
    TooLarge,
    /// It is well-formed and breaks the rules for its content (422).
    Unprocessable,
    /// It comes too often (429).
    TooMany,
    /// Something outside that it needs does not answer (503).
    Unavailable,
}

/// A reason why a command or a request is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    #[error("{field}: {message}")]
    InvalidInput { field: String, message: String },
    #[error("sign in first: this needs an account, a token or a password")]
    Unauthenticated,
    #[error("user name or password is wrong")]
    WrongCredentials,
    #[error("this token is invalid, expired or revoked")]
    TokenInvalid,
    #[error("this token is for the plugin {package}")]
    TokenForAnotherPlugin { package: String },
    #[error(
        "a plugin token may only upload versions of its plugin, and approve them if it was made for that"
    )]
    TokenScope,
    #[error("this account is blocked")]
    AccountBlocked,
    #[error("there is no account {account}")]
    AccountUnknown { account: String },
    #[error("the account name {name} is taken")]
    AccountNameTaken { name: String },
    #[error("only staff may do this")]
    NotStaff,
    #[error("staff accounts cannot be blocked; withdraw the staff role first")]
    StaffCannotBeBlocked,
    #[error("you are not an owner of {package}")]
    NotOwner { package: String },
    #[error("only staff and trusted owners may approve versions of {package}")]
    NotApprover { package: String },
    #[error("there is nothing at this address")]
    NothingHere,
    #[error("there is no plugin {package}")]
    PluginUnknown { package: String },
    #[error(
        "the package name {package} belongs to the plugin {taken_by}; package names are unique without regard to case"
    )]
    PackageNameTaken { package: String, taken_by: String },
    #[error("the plugin name \"{name}\" is used by the plugin {taken_by}; choose another in metadata.txt")]
    PluginNameTaken { name: String, taken_by: String },
    #[error("the folder in the zip is {folder}, the plugin is {package}; they must be the same")]
    FolderMismatch { folder: String, package: String },
    #[error("{package} has no version {version}")]
    VersionUnknown { package: String, version: String },
    #[error("version {version} was used before (as {used_as}); raise the number and upload again")]
    VersionNumberUsed { version: String, used_as: String },
    #[error(
        "version {version} is approved, so its file is neither replaced nor refused any more; upload a new number"
    )]
    VersionApproved { version: String },
    #[error("the package of {version} is not the one that was looked at; look again and repeat")]
    PackageChanged { version: String },
    #[error("{account} is not an owner of {package}")]
    OwnerUnknown { package: String, account: String },
    #[error("{package} would have no owner left")]
    LastOwner { package: String },
    #[error("there is no token {token}")]
    TokenUnknown { token: String },
    #[error("this package is not kept any more, or was somebody else's; choose the file again")]
    StagedUnknown,
    #[error("the package was refused: {}", first_of(findings))]
    PackageRefused { findings: Vec<Finding> },
    #[error("{what} is larger than {limit_bytes} bytes")]
    TooLarge { what: String, limit_bytes: u64 },
    #[error("a vote is a whole number from 1 to 5")]
    VoteOutOfRange,
    #[error("too many attempts; try again in {retry_after_secs} seconds")]
    TooMany { retry_after_secs: u64 },
    #[error("this repository takes no new accounts by itself; ask its staff")]
    SignUpClosed,
    #[error("this repository takes new accounts by invitation; use the link in the invitation")]
    SignUpInvitationRequired,
    #[error("this link was used before, has expired or is damaged; ask for a new one")]
    LinkInvalid,
    #[error("this password is in a list of leaked passwords; choose another")]
    PasswordLeaked,
    #[error("this account has a second factor: sign in on the site, or use a token instead of the password")]
    SecondFactorNeeded,
    #[error("this code or key is wrong, used up or too old")]
    SecondFactorWrong,
    #[error("add a second factor to your account first; this repository demands one for this")]
    SecondFactorRequired,
    #[error("there is no such second factor")]
    FactorUnknown,
    #[error("there is no such session")]
    SessionUnknown,
    #[error("this identity belongs to another account")]
    IdentityLinkedElsewhere,
    #[error(
        "an account here is called {name} already; if it is yours, sign in to it and link this identity, or else ask staff"
    )]
    IdentityNameTaken { name: String },
    #[error("no account belongs to this identity; sign in and link it, or sign up")]
    IdentityUnknown,
    #[error("the identity provider's answer is not accepted: {reason}")]
    IdentityRefused { reason: String },
    #[error("the account could not be signed in to any more; set a password first")]
    LastCredential,
    #[error("the directory or identity provider does not answer; try again later")]
    DirectoryUnavailable,
    #[error("only admins may do this")]
    NotAdmin,
    #[error("the repository would have no admin left")]
    LastAdmin,
    #[error("this account was erased")]
    AccountErased,
    #[error("hand over or delete your plugins first: {}", packages.join(", "))]
    OwnsPlugins { packages: Vec<String> },
    #[error("there is no such invitation, or it was answered, withdrawn or has expired")]
    InvitationUnknown,
    #[error("this invitation is for another account")]
    NotInvited,
    #[error("there is no team {team}")]
    TeamUnknown { team: String },
    #[error("the team name {team} is taken")]
    TeamNameTaken { team: String },
    #[error("you are not a member of the team {team}")]
    NotTeamMember { team: String },
    #[error("the team {team} would have no member left")]
    LastMember { team: String },
    #[error("there is no such trusted publisher")]
    PublisherUnknown,
    #[error(
        "{package} has no trusted publisher that this run is; compare repository, workflow, environment and ref"
    )]
    NoTrustedPublisher { package: String },
    #[error("the identity token is not accepted: {reason}")]
    IdentityTokenInvalid { reason: String },
    #[error("this identity token was exchanged before; ask the CI service for a new one")]
    IdentityTokenSpent,
    #[error("{package} is marked for deletion; restore it first")]
    PluginDeleted { package: String },
    #[error("{package} is not marked for deletion")]
    PluginNotDeleted { package: String },
    #[error("{package} was deleted for good; its name stays reserved, staff may give it to somebody")]
    PluginGone { package: String },
    #[error(
        "the plugin is named \"{name}\" and the package says \"{wanted}\"; its owner must allow renaming first"
    )]
    RenameNotAllowed { name: String, wanted: String },
    #[error("version {version} is yanked")]
    VersionYanked { version: String },
    #[error("version {version} is not approved")]
    VersionNotApproved { version: String },
    #[error("version {version} is of the other channel")]
    WrongChannel { version: String },
    #[error("the newest approved version is now {base}; compare with it and repeat")]
    BaseChanged { base: String },
    #[error("{known} is known already, and QGIS versions do not go back by themselves")]
    QgisReleaseOlder { known: String },
    #[error("something else happened to it meanwhile; look again and repeat")]
    HistoryChanged,
    #[error("this Idempotency-Key was used for another request")]
    CommandIdReused,
}

fn first_of(findings: &[Finding]) -> String {
    let text = |finding: &Finding| format!("{} ({})", finding.message, finding.code.as_str());
    match findings {
        [] => "no reason given".to_owned(),
        [only] => text(only),
        [first, rest @ ..] => format!("{}, and {} more", text(first), rest.len()),
    }
}

impl Refusal {
    /// A fault in one named field of the request.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::InvalidInput { field: field.to_owned(), message: message.into() }
    }

    /// The permanent code: machine clients act on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidInput { .. } => "invalid_input",
            Self::Unauthenticated => "unauthenticated",
            Self::WrongCredentials => "wrong_credentials",
            Self::TokenInvalid => "token_invalid",
            Self::TokenForAnotherPlugin { .. } => "token_for_another_plugin",
            Self::TokenScope => "token_scope",
            Self::AccountBlocked => "account_blocked",
            Self::AccountUnknown { .. } => "account_unknown",
            Self::AccountNameTaken { .. } => "account_name_taken",
            Self::NotStaff => "not_staff",
            Self::StaffCannotBeBlocked => "staff_cannot_be_blocked",
            Self::NotOwner { .. } => "not_owner",
            Self::NotApprover { .. } => "not_approver",
            Self::NothingHere => "nothing_here",
            Self::PluginUnknown { .. } => "plugin_unknown",
            Self::PackageNameTaken { .. } => "package_name_taken",
            Self::PluginNameTaken { .. } => "plugin_name_taken",
            Self::FolderMismatch { .. } => "folder_mismatch",
            Self::VersionUnknown { .. } => "version_unknown",
            Self::VersionNumberUsed { .. } => "version_number_used",
            Self::VersionApproved { .. } => "version_approved",
            Self::PackageChanged { .. } => "package_changed",
            Self::OwnerUnknown { .. } => "owner_unknown",
            Self::LastOwner { .. } => "last_owner",
            Self::TokenUnknown { .. } => "token_unknown",
            Self::PackageRefused { .. } => "package_refused",
            Self::TooLarge { .. } => "too_large",
            Self::VoteOutOfRange => "vote_out_of_range",
            Self::TooMany { .. } => "too_many",
            Self::SignUpClosed => "sign_up_closed",
            Self::SignUpInvitationRequired => "sign_up_invitation_required",
            Self::LinkInvalid => "link_invalid",
            Self::PasswordLeaked => "password_leaked",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::SecondFactorWrong => "second_factor_wrong",
            Self::SecondFactorRequired => "second_factor_required",
            Self::FactorUnknown => "factor_unknown",
            Self::SessionUnknown => "session_unknown",
            Self::IdentityLinkedElsewhere => "identity_linked_elsewhere",
            Self::IdentityNameTaken { .. } => "identity_name_taken",
            Self::IdentityUnknown => "identity_unknown",
            Self::IdentityRefused { .. } => "identity_refused",
            Self::LastCredential => "last_credential",
            Self::DirectoryUnavailable => "directory_unavailable",
            Self::NotAdmin => "not_admin",
            Self::LastAdmin => "last_admin",
            Self::AccountErased => "account_erased",
            Self::OwnsPlugins { .. } => "owns_plugins",
            Self::InvitationUnknown => "invitation_unknown",
            Self::NotInvited => "not_invited",
            Self::TeamUnknown { .. } => "team_unknown",
            Self::TeamNameTaken { .. } => "team_name_taken",
            Self::NotTeamMember { .. } => "not_team_member",
            Self::LastMember { .. } => "last_member",
            Self::StagedUnknown => "staged_unknown",
            Self::PublisherUnknown => "publisher_unknown",
            Self::NoTrustedPublisher { .. } => "no_trusted_publisher",
            Self::IdentityTokenInvalid { .. } => "identity_token_invalid",
            Self::IdentityTokenSpent => "identity_token_spent",
            Self::PluginDeleted { .. } => "plugin_deleted",
            Self::PluginNotDeleted { .. } => "plugin_not_deleted",
            Self::PluginGone { .. } => "plugin_gone",
            Self::RenameNotAllowed { .. } => "rename_not_allowed",
            Self::VersionYanked { .. } => "version_yanked",
            Self::VersionNotApproved { .. } => "version_not_approved",
            Self::WrongChannel { .. } => "wrong_channel",
            Self::BaseChanged { .. } => "base_changed",
            Self::QgisReleaseOlder { .. } => "qgis_release_older",
            Self::HistoryChanged => "history_changed",
            Self::CommandIdReused => "command_id_reused",
        }
    }

    /// The sort of no, from which each door makes its status.
    pub fn kind(&self) -> Kind {
        match self {
            Self::InvalidInput { .. } | Self::VoteOutOfRange => Kind::Invalid,
            Self::Unauthenticated
            | Self::WrongCredentials
            | Self::SecondFactorNeeded
            | Self::SecondFactorWrong
            | Self::IdentityUnknown
            | Self::IdentityRefused { .. }
            | Self::IdentityTokenInvalid { .. } => Kind::Unauthenticated,
            Self::TokenInvalid
            | Self::TokenForAnotherPlugin { .. }
            | Self::TokenScope
            | Self::AccountBlocked
            | Self::NotStaff
            | Self::StaffCannotBeBlocked
            | Self::NotOwner { .. }
            | Self::NotApprover { .. }
            | Self::SignUpClosed
            | Self::SignUpInvitationRequired
            | Self::SecondFactorRequired
            | Self::NotAdmin
            | Self::NotInvited
            | Self::NotTeamMember { .. }
            | Self::NoTrustedPublisher { .. } => Kind::Forbidden,
            Self::AccountUnknown { .. }
            | Self::NothingHere
            | Self::PluginUnknown { .. }
            | Self::VersionUnknown { .. }
            | Self::OwnerUnknown { .. }
            | Self::TokenUnknown { .. }
            | Self::LinkInvalid
            | Self::FactorUnknown
            | Self::SessionUnknown
            | Self::AccountErased
            | Self::InvitationUnknown
            | Self::TeamUnknown { .. }
            | Self::StagedUnknown
            | Self::PublisherUnknown => Kind::NotFound,
            Self::AccountNameTaken { .. }
            | Self::PackageNameTaken { .. }
            | Self::PluginNameTaken { .. }
            | Self::VersionNumberUsed { .. }
            | Self::VersionApproved { .. }
            | Self::PackageChanged { .. }
            | Self::LastOwner { .. }
            | Self::IdentityLinkedElsewhere
            | Self::IdentityNameTaken { .. }
            | Self::LastCredential
            | Self::LastAdmin
            | Self::OwnsPlugins { .. }
            | Self::TeamNameTaken { .. }
            | Self::LastMember { .. }
            | Self::IdentityTokenSpent
            | Self::PluginDeleted { .. }
            | Self::PluginNotDeleted { .. }
            | Self::PluginGone { .. }
            | Self::RenameNotAllowed { .. }
            | Self::VersionYanked { .. }
            | Self::VersionNotApproved { .. }
            | Self::WrongChannel { .. }
            | Self::BaseChanged { .. }
            | Self::QgisReleaseOlder { .. }
            | Self::HistoryChanged => Kind::Conflict,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::FolderMismatch { .. }
            | Self::PackageRefused { .. }
            | Self::CommandIdReused
            | Self::PasswordLeaked => Kind::Unprocessable,
            Self::TooMany { .. } => Kind::TooMany,
            Self::DirectoryUnavailable => Kind::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_code_is_the_public_code() {
        let refusals = [
            Refusal::invalid("name", "is empty"),
            Refusal::Unauthenticated,
            Refusal::LastOwner { package: "lasso".into() },
            Refusal::VersionNumberUsed { version: "1.0.0".into(), used_as: "1.0".into() },
            Refusal::VoteOutOfRange,
        ];
        for refusal in refusals {
            let stored = serde_json::to_value(&refusal).unwrap();
            assert_eq!(stored["code"], refusal.code());
            assert_eq!(serde_json::from_value::<Refusal>(stored).unwrap(), refusal);
        }
    }
}
