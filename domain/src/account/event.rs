//! What happens to an account.

use crate::ids::AccountId;
use crate::names::Sha256;
use serde::{Deserialize, Serialize};

/// An account came into being. Its name and address are in the vault; `commitment` is SHA-256 over a random salt
/// (also in the vault), the name and the address, so that an auditor can check them while they exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRegistered {
    /// The new account.
    pub account: AccountId,
    /// Salted commitment to name and address.
    pub commitment: Sha256,
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

/// The account may do nothing any more, with any credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountBlocked {
    /// The account.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}

/// The block ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountUnblocked {
    /// The account.
    pub account: AccountId,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
}
