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
    #[error("a plugin token may only upload versions of its plugin")]
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
    #[error("version {version} is approved; approved versions cannot be replaced, upload a new number")]
    VersionApproved { version: String },
    #[error("the package of {version} is not the one that was looked at; look again and repeat")]
    PackageChanged { version: String },
    #[error("{account} is not an owner of {package}")]
    OwnerUnknown { package: String, account: String },
    #[error("{package} would have no owner left")]
    LastOwner { package: String },
    #[error("there is no token {token}")]
    TokenUnknown { token: String },
    #[error("the package was refused: {}", first_of(findings))]
    PackageRefused { findings: Vec<Finding> },
    #[error("{what} is larger than {limit_bytes} bytes")]
    TooLarge { what: String, limit_bytes: u64 },
    #[error("a vote is a whole number from 1 to 5")]
    VoteOutOfRange,
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
            Self::CommandIdReused => "command_id_reused",
        }
    }

    /// The sort of no, from which each door makes its status.
    pub fn kind(&self) -> Kind {
        match self {
            Self::InvalidInput { .. } | Self::VoteOutOfRange => Kind::Invalid,
            Self::Unauthenticated | Self::WrongCredentials => Kind::Unauthenticated,
            Self::TokenInvalid
            | Self::TokenForAnotherPlugin { .. }
            | Self::TokenScope
            | Self::AccountBlocked
            | Self::NotStaff
            | Self::StaffCannotBeBlocked
            | Self::NotOwner { .. }
            | Self::NotApprover { .. } => Kind::Forbidden,
            Self::AccountUnknown { .. }
            | Self::NothingHere
            | Self::PluginUnknown { .. }
            | Self::VersionUnknown { .. }
            | Self::OwnerUnknown { .. }
            | Self::TokenUnknown { .. } => Kind::NotFound,
            Self::AccountNameTaken { .. }
            | Self::PackageNameTaken { .. }
            | Self::PluginNameTaken { .. }
            | Self::VersionNumberUsed { .. }
            | Self::VersionApproved { .. }
            | Self::PackageChanged { .. }
            | Self::LastOwner { .. } => Kind::Conflict,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::FolderMismatch { .. } | Self::PackageRefused { .. } | Self::CommandIdReused => {
                Kind::Unprocessable
            }
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
