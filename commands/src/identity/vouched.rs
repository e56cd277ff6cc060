//! What a directory or an identity provider says of somebody who has just proved to be that person.

use cairn_domain::Refusal;
use cairn_domain::account::Origin;
use cairn_domain::names::Sha256;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest name of an issuer, in bytes.
pub const ISSUER_BYTES_MAX: usize = 1000;

/// The longest subject, in bytes: OpenID Connect allows 255, and names in a directory have at most 150 characters.
pub const SUBJECT_BYTES_MAX: usize = 600;

/// So many characters of what somebody is called elsewhere are kept.
pub const LABEL_CHARS_MAX: usize = 150;

/// Who somebody is elsewhere. Personal data: its Debug output has nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    issuer: String,
    subject: String,
    label: String,
}

impl Identity {
    /// The one that `issuer` knows by `subject` and calls `label`, which is cut to [`LABEL_CHARS_MAX`].
    pub fn new(issuer: &str, subject: &str, label: &str) -> Result<Self, Refusal> {
        let fits = |text: &str, bytes_max| !text.is_empty() && text.len() <= bytes_max;
        if !fits(issuer, ISSUER_BYTES_MAX) || !fits(subject, SUBJECT_BYTES_MAX) {
            return Err(Refusal::invalid("identity", "the name of an identity is empty or too long"));
        }
        let label = label.chars().filter(|one| !one.is_control()).take(LABEL_CHARS_MAX).collect();
        Ok(Self { issuer: issuer.to_owned(), subject: subject.to_owned(), label })
    }

    /// Who vouches for it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who it is there.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What its holder is called there.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// SHA-256 over salt, issuer and subject, each part of known or length-prefixed size: what the log keeps.
    pub fn commitment(&self, salt: &[u8; 32]) -> Sha256 {
        let mut bytes = salt.to_vec();
        for part in [&self.issuer, &self.subject] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        Sha256::of(&bytes)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// What is said of somebody. Personal data: its Debug output has nothing of it but roles.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Who it is.
    pub identity: Identity,
    /// Who says so: [`Origin::Directory`] or [`Origin::Provider`].
    pub origin: Origin,
    /// The name for an account of their own.
    pub name: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
    /// Mail there is theirs: nobody need ask again.
    pub email_proven: bool,
    /// What the groups mean here.
    pub roles: Roles,
}

impl fmt::Debug for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Vouched");
        out.field("origin", &self.origin).field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// What groups elsewhere mean here. Nothing is said of a role that no group is set up for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles {
    /// Whether a group makes them staff.
    pub staff: Option<bool>,
    /// Whether a group makes them trusted.
    pub trusted: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_identities_have_a_longest() {
        let fits = |issuer: usize, subject: usize| {
            Identity::new(&"i".repeat(issuer), &"s".repeat(subject), "").is_ok()
        };
        assert!(fits(ISSUER_BYTES_MAX, SUBJECT_BYTES_MAX));
        assert!(!fits(ISSUER_BYTES_MAX + 1, 1) && !fits(1, SUBJECT_BYTES_MAX + 1));
        assert!(!fits(0, 1) && !fits(1, 0));
        let label = "ü\u{7}".repeat(LABEL_CHARS_MAX + 1);
        let long = Identity::new("i", "s", &label).unwrap();
        assert_eq!(long.label(), "ü".repeat(LABEL_CHARS_MAX));
    }

    #[test]
    fn a_commitment_is_of_salt_issuer_and_subject_and_tells_none() {
        let of = |issuer: &str, subject: &str, salt| {
            Identity::new(issuer, subject, "Ann").unwrap().commitment(&[salt; 32])
        };
        let ann = of("ldap:osgeo", "ann", 1);
        for other in [of("ldap:osgeo", "ann", 2), of("ldap:osge", "oann", 1), of("ldap:osgeo", "bob", 1)] {
            assert_ne!(ann, other);
        }
        let identity = Identity::new("ldap:osgeo", "ann", "Ann").unwrap();
        let vouched = Vouched {
            identity,
            origin: Origin::Directory,
            name: Some("ann".into()),
            email: Some("ann@example.org".into()),
            email_proven: true,
            roles: Roles::default(),
        };
        let shown = format!("{vouched:?} {:?}", vouched.identity);
        assert!(!shown.contains("ann") && !shown.contains("Ann"), "{shown}");
    }
}
