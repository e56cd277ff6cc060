//! What commands bring of people: it goes to the erasable vault and never into an event.

use crate::Fault;
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_domain::names::{AccountName, Email, Sha256};
use cairn_store::RegistryTx;
use cairn_store::vault::{self, PackageAuthor, Person};

/// One change of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Personal {
    /// Who an account is.
    Person {
        /// The account.
        account: AccountId,
        /// The name to sign in with.
        name: AccountName,
        /// Where mail goes.
        email: Email,
        /// Argon2id hash in PHC form; `None` when the account signs in elsewhere.
        password_hash: Option<String>,
        /// The salt of the commitment in `AccountRegistered`.
        salt: [u8; 32],
    },
    /// Who a package says made it.
    PackageAuthor {
        /// The package.
        sha256: Sha256,
        /// The author line.
        author: String,
        /// The address line.
        email: String,
    },
}

/// The rules that history cannot decide, since what they are about is not in it. Asked under the log's lock.
pub(crate) async fn refused(tx: &mut RegistryTx, changes: &[Personal]) -> Result<Option<Refusal>, Fault> {
    for change in changes {
        let refusal = match change {
            Personal::Person { name, .. } => {
                let taken = vault::person_by_name(tx.tx(), &name.folded()).await?.is_some();
                taken.then(|| Refusal::AccountNameTaken { name: name.to_string() })
            }
            Personal::PackageAuthor { .. } => None,
        };
        if refusal.is_some() {
            return Ok(refusal);
        }
    }
    Ok(None)
}

/// Carries out the changes, in the transaction of the events.
pub(crate) async fn store(tx: &mut RegistryTx, changes: Vec<Personal>) -> Result<(), Fault> {
    for change in changes {
        store_one(tx, change).await?;
    }
    Ok(())
}

async fn store_one(tx: &mut RegistryTx, change: Personal) -> Result<(), Fault> {
    match change {
        Personal::Person { account, name, email, password_hash, salt } => {
            let person = Person {
                account_id: account.0,
                name: name.to_string(),
                name_folded: name.folded(),
                email: email.to_string(),
                password_hash,
                salt: salt.to_vec(),
                created_at: tx.now(),
            };
            vault::put_person(tx.tx(), &person).await?;
        }
        Personal::PackageAuthor { sha256, author, email } => {
            let author = PackageAuthor { sha256: sha256.to_string(), author, email };
            vault::put_package_author(tx.tx(), &author).await?;
        }
    }
    Ok(())
}
