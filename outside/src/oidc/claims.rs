//! What a provider says of a person.

use super::OidcError;
use super::client::{IdClaims, UserInfo};
use serde_json::{Map, Value};
use std::fmt;

/// The longest subject, in bytes; OpenID Connect allows no more.
pub const SUBJECT_BYTES_MAX: usize = 255;

/// The longest name, mail address or group, in bytes.
pub const TEXT_BYTES_MAX: usize = 1000;

/// The most groups of a person.
pub const GROUPS_MAX: usize = 1000;

/// A person as their provider knows them. Only `issuer` and `subject` together say who it is: all else may change, and
/// may be another's tomorrow.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The issuer, as the settings name it.
    pub issuer: String,
    /// The person among the issuer's.
    pub subject: String,
    /// The name they would like to be known by.
    pub preferred_username: Option<String>,
    /// Their full name.
    pub name: Option<String>,
    /// Their mail address.
    pub email: Option<String>,
    /// Whether the provider knows that the address is theirs. Not so unless it says it.
    pub email_verified: bool,
    /// The groups that the claim of the settings has.
    pub groups: Vec<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What one document says: the id token, or the answer of the user info endpoint.
#[derive(Default)]
pub(super) struct Told {
    preferred_username: Option<String>,
    name: Option<String>,
    email: Option<String>,
    email_verified: bool,
    groups: Option<Vec<String>>,
}

/// Both documents have the same claims by the same names, and no trait in common.
macro_rules! told {
    ($claims:expr, $groups_claim:expr) => {
        Told {
            preferred_username: $claims.preferred_username().map(|name| name.to_string()),
            name: $claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            email: $claims.email().map(|email| email.to_string()),
            email_verified: $claims.email_verified() == Some(true),
            groups: groups(&$claims.additional_claims().all, $groups_claim),
        }
    };
}

impl Told {
    pub(super) fn by_id_token(claims: &IdClaims, groups_claim: &str) -> Self {
        told!(claims, groups_claim)
    }

    pub(super) fn by_user_info(claims: &UserInfo, groups_claim: &str) -> Self {
        told!(claims, groups_claim)
    }

    /// Whether nothing is left to ask for.
    pub(super) fn is_whole(&self) -> bool {
        self.preferred_username.is_some()
            && self.name.is_some()
            && self.email.is_some()
            && self.groups.is_some()
    }

    /// What is missing here, from there. An address brings along whether it is verified.
    pub(super) fn or(self, other: Self) -> Self {
        let email_verified = if self.email.is_some() { self.email_verified } else { other.email_verified };
        Self {
            preferred_username: self.preferred_username.or(other.preferred_username),
            name: self.name.or(other.name),
            email: self.email.or(other.email),
            email_verified,
            groups: self.groups.or(other.groups),
        }
    }

    /// The person, when nothing is larger than is taken.
    pub(super) fn identity(self, issuer: &str, subject: &str) -> Result<Identity, OidcError> {
        let groups = self.groups.unwrap_or_default();
        let too_long = |text: &String| text.len() > TEXT_BYTES_MAX;
        let sizes = [
            ("sub", subject.len() > SUBJECT_BYTES_MAX),
            ("preferred_username", self.preferred_username.as_ref().is_some_and(too_long)),
            ("name", self.name.as_ref().is_some_and(too_long)),
            ("email", self.email.as_ref().is_some_and(too_long)),
            ("groups", groups.len() > GROUPS_MAX || groups.iter().any(too_long)),
        ];
        if let Some((claim, _)) = sizes.into_iter().find(|(_, too_large)| *too_large) {
            return Err(OidcError::ClaimTooLarge { claim });
        }
        Ok(Identity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            preferred_username: self.preferred_username,
            name: self.name,
            email_verified: self.email_verified && self.email.is_some(),
            email: self.email,
            groups,
        })
    }
}

/// Groups are a list of texts, or one text. What else stands there is none.
fn groups(claims: &Map<String, Value>, claim: &str) -> Option<Vec<String>> {
    match claims.get(claim)? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => Some(many.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    type Make = fn(Option<String>, usize) -> Told;

    fn told() -> Told {
        Told { email: Some("ann@example.org".to_owned()), email_verified: true, ..Told::default() }
    }

    #[test]
    fn claims_may_be_as_large_as_the_limits_and_no_larger() {
        let text = |size| Some("x".repeat(size));
        let cases: [(&str, usize, Make); 5] = [
            ("preferred_username", TEXT_BYTES_MAX, |text, _| Told { preferred_username: text, ..told() }),
            ("name", TEXT_BYTES_MAX, |text, _| Told { name: text, ..told() }),
            ("email", TEXT_BYTES_MAX, |text, _| Told { email: text, ..told() }),
            ("groups", TEXT_BYTES_MAX, |text, _| Told { groups: Some(text.into_iter().collect()), ..told() }),
            ("groups", GROUPS_MAX, |_, many| Told { groups: Some(vec![String::new(); many]), ..told() }),
        ];
        for (name, max, make) in cases {
            assert!(make(text(max), max).identity("i", "s").is_ok(), "{name}");
            let past = make(text(max + 1), max + 1).identity("i", "s").unwrap_err();
            assert!(matches!(past, OidcError::ClaimTooLarge { claim } if claim == name), "{past:?}");
        }
        assert!(told().identity("i", &"s".repeat(SUBJECT_BYTES_MAX)).is_ok());
        assert!(told().identity("i", &"s".repeat(SUBJECT_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn an_address_is_verified_only_by_who_told_it() {
        let unverified = Told { email: Some("eve@example.org".to_owned()), ..Told::default() };
        assert!(!unverified.or(told()).email_verified);
        assert!(Told::default().or(told()).email_verified);
        let nothing = Told { email_verified: true, ..Told::default() };
        assert!(!nothing.identity("i", "s").unwrap().email_verified);
    }

    #[test]
    fn groups_are_texts() {
        let claims = json!({"groups": ["a", 1, null, "b"], "role": "staff", "strange": {"a": 1}});
        let claims = claims.as_object().unwrap();
        assert_eq!(groups(claims, "groups"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(groups(claims, "role"), Some(vec!["staff".to_owned()]));
        assert_eq!(groups(claims, "strange"), None);
        assert_eq!(groups(claims, "none"), None);
    }

    #[test]
    fn a_person_is_not_told_by_debug() {
        let person = Told { name: Some("Ann Example".to_owned()), ..told() }.identity("https://idp", "s-1");
        let shown = format!("{:?}", person.unwrap());
        assert!(!shown.contains("Ann") && !shown.contains("ann@") && !shown.contains("s-1"), "{shown}");
    }
}
