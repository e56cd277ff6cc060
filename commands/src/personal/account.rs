//! What the vault knows of an account's holder, and that it knows nothing any more.

use crate::Fault;
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_domain::names::{Email, Sha256};
use cairn_store::RegistryTx;
use cairn_store::vault;

/// A change of what is known of an account's holder.
#[derive(Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// Another password.
    Password {
        /// The account.
        account: AccountId,
        /// Argon2id hash in PHC form.
        hash: String,
    },
    /// Another address.
    Email {
        /// The account.
        account: AccountId,
        /// Where mail goes now.
        email: Email,
    },
    /// Somebody without an account was invited.
    Invited {
        /// The invitation.
        challenge: ChallengeId,
        /// Where it goes.
        email: Email,
    },
    /// An invitation became an account, which knows its own address.
    InvitationUsed {
        /// The invitation.
        challenge: ChallengeId,
    },
    /// Everything is forgotten.
    Erased {
        /// The account.
        account: AccountId,
        /// Files that it uploaded: their author lines go too.
        packages: Vec<Sha256>,
    },
}

impl std::fmt::Debug for AccountChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountChange(…)")
    }
}

pub(super) async fn store(tx: &mut RegistryTx, change: AccountChange) -> Result<(), Fault> {
    match change {
        AccountChange::Password { account, hash } => {
            vault::update_password_hash(tx.tx(), account.0, Some(&hash)).await?;
        }
        AccountChange::Email { account, email } => {
            let now = tx.now();
            vault::keep_former_email(tx.tx(), account.0, now).await?;
            vault::update_email(tx.tx(), account.0, email.as_str()).await?;
        }
        AccountChange::Invited { challenge, email } => {
            vault::put_sign_up_address(tx.tx(), challenge.0, email.as_str()).await?;
        }
        AccountChange::InvitationUsed { challenge } => {
            vault::erase_sign_up_address(tx.tx(), challenge.0).await?;
        }
        AccountChange::Erased { account, packages } => erase(tx, account, &packages).await?,
    }
    Ok(())
}

/// Every table of the vault that can hold something of an account has its line here.
async fn erase(tx: &mut RegistryTx, account: AccountId, packages: &[Sha256]) -> Result<(), Fault> {
    vault::erase_person(tx.tx(), account.0).await?;
    vault::erase_former_email(tx.tx(), account.0).await?;
    vault::delete_sessions_of(tx.tx(), account.0).await?;
    vault::erase_second_factors(tx.tx(), account.0).await?;
    vault::erase_identities(tx.tx(), account.0).await?;
    vault::erase_token_notes_of(tx.tx(), account.0).await?;
    for package in packages {
        vault::erase_package_author(tx.tx(), &package.to_string()).await?;
    }
    Ok(())
}
