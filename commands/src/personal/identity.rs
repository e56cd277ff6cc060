//! Identities elsewhere, in the vault.

use crate::Fault;
use crate::identity::Identity;
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_domain::names::Sha256;
use cairn_store::RegistryTx;
use cairn_store::vault::{self, IdentityRow};

/// A change of who signs in from elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub enum IdentityChange {
    /// An identity signs in to an account.
    Linked {
        /// The account.
        account: AccountId,
        /// Who it is elsewhere.
        identity: Identity,
        /// The salt of the commitment in `IdentityLinked`.
        salt: [u8; 32],
    },
    /// It does so no longer.
    Unlinked {
        /// The account.
        account: AccountId,
        /// The commitment.
        identity: Sha256,
    },
}

impl std::fmt::Debug for IdentityChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentityChange(…)")
    }
}

/// What only the vault can know: whose an identity is, and whether an account has a password.
pub(super) async fn refused(tx: &mut RegistryTx, change: &IdentityChange) -> Result<Option<Refusal>, Fault> {
    match change {
        IdentityChange::Linked { identity, .. } => {
            let linked = vault::identity_of(tx.tx(), identity.issuer(), identity.subject()).await?;
            Ok(linked.map(|_| Refusal::IdentityLinkedElsewhere))
        }
        IdentityChange::Unlinked { account, identity } => {
            let person = vault::person_by_id(tx.tx(), account.0).await?;
            if person.is_some_and(|person| person.password_hash.is_some()) {
                return Ok(None);
            }
            let name = identity.to_string();
            let linked = vault::identities_of(tx.tx(), account.0).await?;
            let is_last = linked.len() == 1 && linked.iter().any(|row| row.identity == name);
            Ok(is_last.then_some(Refusal::LastCredential))
        }
    }
}

pub(super) async fn store(tx: &mut RegistryTx, change: IdentityChange) -> Result<(), Fault> {
    match change {
        IdentityChange::Linked { account, identity, salt } => {
            let row = IdentityRow {
                identity: identity.commitment(&salt).to_string(),
                account_id: account.0,
                issuer: identity.issuer().to_owned(),
                subject: identity.subject().to_owned(),
                label: identity.label().to_owned(),
                salt: salt.to_vec(),
                linked_at: tx.now(),
            };
            vault::put_identity(tx.tx(), &row).await?;
        }
        IdentityChange::Unlinked { account, identity } => {
            vault::delete_identity(tx.tx(), account.0, &identity.to_string()).await?;
        }
    }
    Ok(())
}
