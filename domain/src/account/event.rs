//! What happens to an account.

use crate::ids::{AccountId, ChallengeId, FactorId};
use crate::names::Sha256;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An account came into being. Its name and address are in the vault; `commitment` is SHA-256 over a random salt
/// (also in the vault), the name and the address, so that an auditor can check them while they exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRegistered {
    /// The new account.
    pub account: AccountId,
    /// Salted commitment to name and address.
    pub commitment: Sha256,
    /// How it came here.
    #[serde(default, skip_serializing_if = "Origin::is_local")]
    pub origin: Origin,
}

/// How an account came here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody signed up, or staff or the operator made it.
    #[default]
    Local,
    /// The directory knew name and password.
    Directory,
    /// An identity provider vouched for them.
    Provider,
    /// It was brought from another repository.
    Imported,
}

impl Origin {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_local(&self) -> bool {
        *self == Self::Local
    }
}

/// Staff now trust this account: its uploads to its own plugins need no review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustGranted {
    /// The account.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// Staff no longer trust this account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustWithdrawn {
    /// The account.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// The account became staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffGranted {
    /// The account.
    pub account: AccountId,
}

/// The account is staff no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffWithdrawn {
    /// The account.
    pub account: AccountId,
}

/// The account, which is staff, may also grant the staff role and change the site's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminGranted {
    /// The account.
    pub account: AccountId,
}

/// The account is an admin no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminWithdrawn {
    /// The account.
    pub account: AccountId,
}

/// The account may do nothing any more, with any credential; those it had are dead even after the block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountBlocked {
    /// The account.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
    /// When the block ends by itself; never, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// The block ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountUnblocked {
    /// The account.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// Somebody who has the account's address may prove it with the link of this challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailConfirmationAsked {
    /// The account.
    pub account: AccountId,
    /// Names the link; its secret is made from this id and a key of the vault.
    pub challenge: ChallengeId,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// The account's holder reads mail at its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailConfirmed {
    /// The account.
    pub account: AccountId,
}

/// The account has another address, not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChanged {
    /// The account.
    pub account: AccountId,
    /// Salted commitment to name and address.
    pub commitment: Sha256,
}

/// Somebody who reads mail at the account's address may set a new password with the link of this challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordResetAsked {
    /// The account.
    pub account: AccountId,
    /// Names the link; its secret is made from this id and a key of the vault.
    pub challenge: ChallengeId,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// The account has another password; all its sessions and access tokens ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// The account.
    pub account: AccountId,
}

/// All sessions and access tokens of the account ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsEnded {
    /// The account.
    pub account: AccountId,
}

/// What a second factor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorSort {
    /// Six digits of the hour from an app (RFC 6238).
    Totp,
    /// A key that the browser keeps or reaches (WebAuthn).
    Passkey,
}

/// Signing in to the account now takes a second factor too; this is one of them. What it is made of is in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorAdded {
    /// The account.
    pub account: AccountId,
    /// The factor.
    pub factor: FactorId,
    /// What it is.
    pub sort: FactorSort,
}

/// A second factor is good no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorRemoved {
    /// The account.
    pub account: AccountId,
    /// The factor.
    pub factor: FactorId,
}

/// The account got new recovery codes; earlier ones are good no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodesMade {
    /// The account.
    pub account: AccountId,
    /// How many.
    pub codes: u8,
}

/// A recovery code stood in for a second factor and is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodeUsed {
    /// The account.
    pub account: AccountId,
}

/// An identity elsewhere (of the directory or of an identity provider) may sign in to the account. Which one is in
/// the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityLinked {
    /// The account.
    pub account: AccountId,
    /// Salted commitment to issuer and subject.
    pub identity: Sha256,
}

/// The identity may sign in to the account no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityUnlinked {
    /// The account.
    pub account: AccountId,
    /// Salted commitment to issuer and subject.
    pub identity: Sha256,
}

/// Everything that the vault knew of the account's holder is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountErased {
    /// The account.
    pub account: AccountId,
}
