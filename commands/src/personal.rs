//! What commands bring of people: it goes to the erasable vault and never into an event.

mod account;
mod identity;
mod session;

pub use account::AccountChange;
pub use identity::IdentityChange;
pub use session::SessionChange;

use crate::Fault;
use crate::factor::FactorChange;
use crate::token::TokenNote;
use cairn_domain::event::{Event, Stream};
use cairn_domain::ids::{AccountId, TokenId};
use cairn_domain::names::{AccountName, Email, Sha256, author_key, author_words};
use cairn_domain::{Known, Refusal};
use cairn_store::RegistryTx;
use cairn_store::vault::{self, AuthorWords, PackageAuthor, Person, TokenNoteRow};

/// One change of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Personal {
    /// Of an account's holder.
    Account(AccountChange),
    /// Of second factors.
    Factor(FactorChange),
    /// Of who signs in from elsewhere.
    Identity(IdentityChange),
    /// Of a session.
    Session(SessionChange),
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
    /// What a token is called.
    TokenNote {
        /// The token; its history is in the log.
        token: TokenId,
        /// What it is called now; nothing, if absent.
        note: Option<TokenNote>,
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
            Personal::Factor(change) => change.refused(tx).await?,
            Personal::Identity(change) => identity::refused(tx, change).await?,
            Personal::Account(_)
            | Personal::Session(_)
            | Personal::PackageAuthor { .. }
            | Personal::TokenNote { .. } => None,
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
        Personal::Account(change) => account::store(tx, change).await?,
        Personal::Factor(change) => change.store(tx).await?,
        Personal::Identity(change) => identity::store(tx, change).await?,
        Personal::Session(change) => session::store(tx, change).await?,
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
            let found_by = AuthorWords { key: author_key(&author), words: author_words(&author) };
            let author = PackageAuthor { sha256: sha256.to_string(), author, email };
            vault::put_package_author(tx.tx(), &author, &found_by).await?;
        }
        Personal::TokenNote { token, note } => store_note(tx, token, note).await?,
    }
    Ok(())
}

/// The row names the account that the token acts for, so that it is erased with it.
async fn store_note(tx: &mut RegistryTx, token: TokenId, note: Option<TokenNote>) -> Result<(), Fault> {
    let Some(note) = note else { return Ok(vault::erase_token_note(tx.tx(), token.0).await?) };
    let stream = Stream::Token(token);
    let mut known = Known::default();
    for event in tx.load(&stream.to_string()).await? {
        let read = Event::decode(&event.kind, event.schema, &event.payload)?;
        known.evolve(&stream, event.position, &read);
    }
    let account = known.token(token)?.account;
    let row = TokenNoteRow { token_id: token.0, account_id: account.0, note: note.as_str().to_owned() };
    Ok(vault::put_token_note(tx.tx(), &row).await?)
}
