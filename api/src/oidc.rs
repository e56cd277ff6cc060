//! Signing in by identity providers (OpenID Connect): which there are, what is begun with one, and what comes back.

mod sealed;

use cairn_commands::identity::{Identity, Registers, Roles, Vouched};
use cairn_domain::Refusal;
use cairn_domain::account::Origin;
use cairn_domain::ids::{AccountId, ChallengeId};
use cairn_outside::oidc::{self, Begun, OidcError};
use cairn_store::{Clock, Db, Ids, Result as StoreResult};
use chrono::{DateTime, TimeDelta, Utc};
use sealed::Seal;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::sync::Arc;
use url::Url;

/// So long a person may take at the provider.
pub const BEGUN_LIFE: TimeDelta = TimeDelta::minutes(10);

/// The longest address to go on to that is carried along, in bytes; a longer one is forgotten.
pub const NEXT_BYTES_MAX: usize = 500;

/// One provider with what its word means here.
#[derive(Debug)]
pub struct KnownProvider {
    /// What it is called in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// As who it vouches for people.
    pub issuer: String,
    /// The provider itself.
    pub provider: oidc::Provider,
    /// Groups whose members are staff.
    pub staff_groups: Vec<String>,
    /// Groups whose members are trusted.
    pub trusted_groups: Vec<String>,
    /// Whoever it vouches for gets an account, whatever the policy says of signing up.
    pub registers: bool,
}

/// The providers. Clones share them.
#[derive(Debug, Clone)]
pub struct Providers {
    known: Arc<Vec<KnownProvider>>,
    directory: Option<Arc<KnownDirectory>>,
    seal: Seal,
}

/// The directory, as people are told of it.
#[derive(Debug)]
pub struct KnownDirectory {
    /// What people call it.
    pub title: String,
    /// As who it vouches for people.
    pub issuer: String,
}

/// What somebody wants of a provider's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Link the identity to this account, which is signed in; sign in with it, if absent.
    pub link: Option<AccountId>,
    /// The invitation to sign up, whose link the door has checked.
    pub invitation: Option<ChallengeId>,
    /// Where to go on, as the door takes it.
    pub next: Option<String>,
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Started {
    /// Where to send the browser.
    pub authorize_url: Url,
    /// What the browser keeps until it comes back, in a cookie of [`BEGUN_LIFE`].
    pub sealed: String,
}

/// What a browser comes back with (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Default, Deserialize)]
pub struct CameBack {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// What is in the sealed text.
#[derive(Serialize, Deserialize)]
struct Kept {
    provider: String,
    begun: Begun,
    wish: Wish,
    ends_at: DateTime<Utc>,
}

/// Who came back, and what for.
#[derive(Debug)]
pub struct Arrived {
    /// Who it is.
    pub vouched: Vouched,
    /// Whether they get an account when they have none.
    pub registers: Registers,
    /// What they want.
    pub wish: Wish,
}

impl Providers {
    /// These providers; what browsers keep is sealed with a key of the vault, which all nodes share.
    pub async fn open(known: Vec<KnownProvider>, db: &Db, clock: &dyn Clock, ids: &Ids) -> StoreResult<Self> {
        Ok(Self { known: Arc::new(known), directory: None, seal: Seal::open(db, clock, ids).await? })
    }

    /// Beside them people are known to this directory.
    #[must_use]
    pub fn beside(self, directory: Option<KnownDirectory>) -> Self {
        Self { directory: directory.map(Arc::new), ..self }
    }

    /// What people call the directory, if there is one.
    pub fn directory_title(&self) -> Option<&str> {
        self.directory.as_ref().map(|directory| directory.title.as_str())
    }

    /// All of them, in the order of their buttons.
    pub fn all(&self) -> &[KnownProvider] {
        &self.known
    }

    /// What people call an issuer of identities; one that is configured no longer is called what it calls itself.
    pub fn title_of<'a>(&'a self, issuer: &'a str) -> &'a str {
        let directory = self.directory.iter().map(|one| (&one.issuer, &one.title));
        let mut all = self.known.iter().map(|one| (&one.issuer, &one.title)).chain(directory);
        all.find(|(known, _)| *known == issuer).map_or(issuer, |(_, title)| title)
    }

    /// Begins a sign-in with the provider of this name.
    pub async fn begin(&self, name: &str, wish: Wish, now: DateTime<Utc>) -> Result<Started, Refusal> {
        let known = self.find(name)?;
        let begun = known.provider.begin(now).await.map_err(|error| refusal(&error))?;
        let next = wish.next.filter(|next| next.len() <= NEXT_BYTES_MAX);
        let wish = Wish { next, ..wish };
        let authorize_url = begun.authorize_url.clone();
        let kept = Kept { provider: known.name.clone(), begun, wish, ends_at: now + BEGUN_LIFE };
        let text = serde_json::to_vec(&kept).expect("it has string keys and texts");
        Ok(Started { authorize_url, sealed: self.seal.close(text) })
    }

    /// Finishes a sign-in by what the browser came back with and what it kept. Whoever has not what was kept did not begin
    /// here: somebody may have sent them another's answer.
    pub async fn finish(
        &self,
        name: &str,
        sealed: Option<&str>,
        back: &CameBack,
        now: DateTime<Utc>,
    ) -> Result<Arrived, Refusal> {
        let known = self.find(name)?;
        let begun_elsewhere = || refused("it was begun in another browser or took too long; sign in again");
        let kept = sealed.and_then(|sealed| self.seal.open_text(sealed)).ok_or_else(begun_elsewhere)?;
        let kept: Kept = serde_json::from_slice(&kept).map_err(|_| begun_elsewhere())?;
        let answers = back.state.as_deref().is_some_and(|state| kept.begun.is_answered_by(state));
        if kept.provider != known.name || kept.ends_at <= now || !answers {
            return Err(begun_elsewhere());
        }
        if back.iss.as_deref().is_some_and(|issuer| issuer != known.issuer) {
            return Err(refused("it is of another provider"));
        }
        let code = match (&back.code, &back.error) {
            (Some(code), None) => code,
            (_, Some(error)) => return Err(refused(&format!("it says {}", plain(error)))),
            (None, None) => return Err(refused("it has no code")),
        };
        let identity = known.provider.finish(code, &kept.begun, now).await;
        let identity = identity.map_err(|error| refusal(&error))?;
        let registers = if known.registers {
            Registers::Everybody
        } else {
            Registers::AsPolicy { invitation: kept.wish.invitation }
        };
        Ok(Arrived { vouched: known.vouched(identity)?, registers, wish: kept.wish })
    }

    fn find(&self, name: &str) -> Result<&KnownProvider, Refusal> {
        self.known.iter().find(|known| known.name == name).ok_or(Refusal::NothingHere)
    }
}

impl KnownProvider {
    /// What the provider's word means.
    fn vouched(&self, person: oidc::Identity) -> Result<Vouched, Refusal> {
        let label = person.preferred_username.as_deref().or(person.email.as_deref());
        let label = label.unwrap_or(&person.subject);
        let identity = Identity::new(&person.issuer, &person.subject, label)?;
        let is_in = |wanted: &[String]| {
            (!wanted.is_empty()).then(|| person.groups.iter().any(|group| wanted.contains(group)))
        };
        Ok(Vouched {
            identity,
            origin: Origin::Provider,
            roles: Roles { staff: is_in(&self.staff_groups), trusted: is_in(&self.trusted_groups) },
            name: person.preferred_username,
            email: person.email,
            email_proven: person.email_verified,
        })
    }
}

fn refused(reason: &str) -> Refusal {
    Refusal::IdentityRefused { reason: reason.to_owned() }
}

/// A code of OAuth's as it may be shown: somebody else may have written it into the address.
fn plain(code: &str) -> String {
    const CHARS_MAX: usize = 64;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let shown: String = code.chars().filter(|c| fits(*c)).take(CHARS_MAX).collect();
    if shown.is_empty() { "no".into() } else { shown }
}

/// What the person is told. What the administrator must mend is in the log with its causes, which name nobody.
fn refusal(error: &OidcError) -> Refusal {
    let mut causes = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        causes = format!("{causes}: {next}");
        cause = next.source();
    }
    match error {
        OidcError::CodeRefused
        | OidcError::CodeTooLarge { .. }
        | OidcError::ClaimTooLarge { .. }
        | OidcError::Malformed
        | OidcError::Refused { .. }
        | OidcError::IdTokenRefused(_) => {
            tracing::warn!("an identity provider's answer is refused: {causes}");
            refused(&error.to_string())
        }
        OidcError::Unreachable(_)
        | OidcError::Metadata(_)
        | OidcError::ClientRefused
        | OidcError::SettingMalformed { .. } => {
            tracing::error!("an identity provider is of no use: {causes}");
            Refusal::DirectoryUnavailable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_an_address_cannot_tell_stories() {
        assert_eq!(plain("access_denied"), "access_denied");
        assert_eq!(plain("<b>call 555</b>"), "bcall555b");
        assert_eq!(plain("!"), "no");
        assert_eq!(plain(&"x".repeat(65)).len(), 64);
    }

    #[test]
    fn faults_of_ours_are_told_apart_from_theirs() {
        assert_eq!(refusal(&OidcError::ClientRefused), Refusal::DirectoryUnavailable);
        assert_eq!(refusal(&OidcError::CodeRefused).code(), "identity_refused");
    }
}
