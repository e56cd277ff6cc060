//! The directory as signing in sees it: who has a name and a password there.

use super::{Identity, Vouched};
use cairn_domain::Refusal;
use cairn_domain::names::{Sha256, fold};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

/// What comes of asking the directory: who it is; or [`Refusal::WrongCredentials`], or while nobody can tell
/// [`Refusal::DirectoryUnavailable`].
pub type Answer = Pin<Box<dyn Future<Output = Result<Vouched, Refusal>> + Send>>;

/// Asks the directory about a name and a password.
pub type Ask = Arc<dyn Fn(String, String) -> Answer + Send + Sync>;

/// A name and password that the directory knew are good for so long without asking it again, where each request of a program
/// brings them. So long an old password is good after it was changed.
pub const REMEMBERED_FOR: TimeDelta = TimeDelta::minutes(5);

/// So many names are remembered at once; the directory is asked about all others each time.
pub const REMEMBERED_MAX: usize = 1000;

/// A directory. Clones share what it remembers.
#[derive(Clone)]
pub struct Directory {
    issuer: Arc<str>,
    ask: Ask,
    remembered: Arc<Mutex<Remembered>>,
}

/// Who was known by which name and password, as a digest that is salted anew by each process.
struct Remembered {
    salt: [u8; 32],
    known: HashMap<Sha256, (Identity, DateTime<Utc>)>,
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory").finish_non_exhaustive()
    }
}

impl Directory {
    /// The directory that vouches for people as `issuer` and is asked by `ask`. `salt` is random.
    pub fn new(issuer: &str, ask: Ask, salt: [u8; 32]) -> Self {
        let remembered = Remembered { salt, known: HashMap::new() };
        Self { issuer: issuer.into(), ask, remembered: Arc::new(Mutex::new(remembered)) }
    }

    /// As who it vouches for people.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who has this name and this password, as the directory says now; remembered until [`REMEMBERED_FOR`] after `now`.
    pub async fn who(&self, name: &str, password: &str, now: DateTime<Utc>) -> Result<Vouched, Refusal> {
        let vouched = (self.ask)(name.to_owned(), password.to_owned()).await?;
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.keep(name, password, vouched.identity.clone(), now);
        Ok(vouched)
    }

    /// Who had this name and this password when the directory was last asked, if that was a moment ago.
    pub fn recall(&self, name: &str, password: &str, now: DateTime<Utc>) -> Option<Identity> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let (identity, until) = remembered.known.get(&remembered.key(name, password))?;
        (now < *until).then(|| identity.clone())
    }
}

impl Remembered {
    fn key(&self, name: &str, password: &str) -> Sha256 {
        let mut bytes = self.salt.to_vec();
        let name = fold(name);
        bytes.extend((name.len() as u64).to_be_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(password.as_bytes());
        Sha256::of(&bytes)
    }

    fn keep(&mut self, name: &str, password: &str, identity: Identity, now: DateTime<Utc>) {
        if self.known.len() >= REMEMBERED_MAX {
            self.known.retain(|_, (_, until)| now < *until);
        }
        if self.known.len() < REMEMBERED_MAX {
            self.known.insert(self.key(name, password), (identity, now + REMEMBERED_FOR));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noon;
    use cairn_domain::account::Origin;

    fn directory() -> Directory {
        let ask: Ask = Arc::new(|name: String, password: String| {
            Box::pin(async move {
                if password != "sesame" {
                    return Err(Refusal::WrongCredentials);
                }
                Ok(Vouched {
                    identity: Identity::new("ldap:osgeo", &fold(&name), &name)?,
                    origin: Origin::Directory,
                    name: Some(name),
                    email: None,
                    email_proven: false,
                    roles: super::super::Roles::default(),
                })
            })
        });
        Directory::new("ldap:osgeo", ask, [7; 32])
    }

    #[tokio::test]
    async fn who_was_known_is_remembered_for_a_while() {
        let directory = directory();
        assert_eq!(directory.recall("ann", "sesame", noon()), None);
        let known = directory.who("Ann", "sesame", noon()).await.unwrap().identity;
        let last = noon() + REMEMBERED_FOR - TimeDelta::microseconds(1);
        assert_eq!(directory.recall("ann", "sesame", last), Some(known));
        assert_eq!(directory.recall("ann", "sesame", noon() + REMEMBERED_FOR), None);
        assert_eq!(directory.recall("ann", "Sesame", noon()), None);
        assert_eq!(directory.recall("an", "nsesame", noon()), None);
    }

    #[tokio::test]
    async fn who_was_not_known_is_not_remembered() {
        let directory = directory();
        let refused = directory.who("ann", "wrong", noon()).await;
        assert_eq!(refused.unwrap_err(), Refusal::WrongCredentials);
        assert_eq!(directory.recall("ann", "wrong", noon()), None);
    }

    #[tokio::test]
    async fn so_many_are_remembered_and_no_more() {
        let directory = directory();
        for one in 0..REMEMBERED_MAX {
            directory.who(&format!("ann{one}"), "sesame", noon()).await.unwrap();
        }
        assert!(directory.recall("ann999", "sesame", noon()).is_some());
        directory.who("bob", "sesame", noon()).await.unwrap();
        assert_eq!(directory.recall("bob", "sesame", noon()), None);
        let later = noon() + REMEMBERED_FOR;
        directory.who("bob", "sesame", later).await.unwrap();
        assert!(directory.recall("bob", "sesame", later).is_some(), "old ones made room");
    }
}
