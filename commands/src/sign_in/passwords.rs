//! Passwords hashed and checked, a few at a time.

use crate::Fault;
use crate::secret::{LeakedPasswords, hash_password, is_outdated, verify_password};
use cairn_domain::Refusal;
use cairn_store::Ids;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many passwords are hashed at once: each takes 19 MiB and a core.
const TURNS: usize = 2;

/// Hashes and checks passwords on threads that may take their time. Clones share the turns.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    ids: Arc<Ids>,
    leaked: Option<LeakedPasswords>,
}

/// The right to hash one password now.
pub(super) struct Turn<'p> {
    _permit: SemaphorePermit<'p>,
}

impl Passwords {
    /// Passwords with salts from `ids`; new ones must not be in the list of leaked ones, if there is one.
    pub fn new(ids: Arc<Ids>, leaked: Option<LeakedPasswords>) -> Self {
        Self { turns: Arc::new(Semaphore::new(TURNS)), ids, leaked }
    }

    pub(super) async fn turn(&self) -> Turn<'_> {
        Turn { _permit: self.turns.acquire().await.expect("the semaphore is never closed") }
    }

    /// The hash of a new password; refused if it is too short, too long or known to have leaked.
    pub async fn hash_new(&self, password: &str) -> Result<String, Fault> {
        let _turn = self.turn().await;
        let (password, salt, leaked) = (password.to_owned(), self.ids.bytes(), self.leaked.clone());
        let hashed = tokio::task::spawn_blocking(move || {
            if leaked.is_some_and(|list| has_leaked(&list, &password)) {
                return Err(Refusal::PasswordLeaked);
            }
            hash_password(&password, &salt)
        });
        Ok(hashed.await.expect("hashing a password neither panics nor is cancelled")?)
    }

    /// The hash that should stand in place of `hash`, whose password this is; none if it is as good as new.
    pub(super) async fn renewed(&self, hash: Option<&str>, password: &str) -> Option<String> {
        hash.filter(|hash| is_outdated(hash))?;
        let _turn = self.turn().await;
        let (password, salt) = (password.to_owned(), self.ids.bytes());
        // An old password may be shorter than new ones must be; its hash stays as it is.
        let hashed = tokio::task::spawn_blocking(move || hash_password(&password, &salt).ok());
        hashed.await.expect("hashing a password neither panics nor is cancelled")
    }
}

impl Turn<'_> {
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> bool {
        let password = password.to_owned();
        let right = tokio::task::spawn_blocking(move || verify_password(&password, hash.as_deref()));
        right.await.expect("checking a password neither panics nor is cancelled")
    }
}

/// A list that cannot be read keeps nobody from having a password; someone should look at it.
fn has_leaked(list: &LeakedPasswords, password: &str) -> bool {
    list.contains(password).unwrap_or_else(|error| {
        tracing::error!(error = %error, "the list of leaked passwords cannot be read");
        false
    })
}
