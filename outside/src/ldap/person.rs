//! What a directory knows of a person.

use super::dn::Dn;
use super::fault::DirectoryFault;
use super::settings::{Attributes, DirectoryLimits};
use ldap3::SearchEntry;
use std::fmt;

/// The most bytes of a mail address (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;
/// The most characters of a name to show; a longer one is left out.
const DISPLAY_NAME_CHARS_MAX: usize = 200;

/// What a directory knows of a person who has just proved to be that person. Personal data: its Debug output has nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct DirectoryPerson {
    /// The name of the entry, as the directory writes it. It changes when the entry is moved.
    pub dn: String,
    /// What the person is called there, as the directory writes it, whatever letters were typed.
    pub uid: String,
    /// The first mail address that looks like one. Nobody proved it.
    pub email: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// Whether a group makes the person staff; nothing where no group does so for anybody.
    pub staff: Option<bool>,
    /// Whether a group makes the person trusted; nothing where no group does so for anybody.
    pub trusted: Option<bool>,
}

impl fmt::Debug for DirectoryPerson {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("DirectoryPerson");
        out.field("staff", &self.staff).field("trusted", &self.trusted).finish_non_exhaustive()
    }
}

impl DirectoryPerson {
    /// The person of an entry, whose groups are not known yet.
    pub(super) fn of_entry(
        entry: &SearchEntry,
        attributes: &Attributes,
        limits: &DirectoryLimits,
    ) -> Result<Self, DirectoryFault> {
        let uid = match values(entry, &attributes.uid) {
            [uid] => uid.trim().to_owned(),
            uids => {
                let reason =
                    format!("an entry has {} values of {}, and one is needed", uids.len(), attributes.uid);
                return Err(DirectoryFault::Misconfigured(reason));
            }
        };
        let chars = uid.chars().count();
        if chars == 0 || chars > limits.name_chars_max || uid.chars().any(char::is_control) {
            let reason =
                format!("an entry's {} is empty, too long or has control characters", attributes.uid);
            return Err(DirectoryFault::Misconfigured(reason));
        }
        let email = values(entry, &attributes.mail).iter().map(|one| one.trim()).find(|one| is_address(one));
        let display_name = values(entry, &attributes.name).iter().map(|one| one.trim()).find(|one| {
            let chars = one.chars().count();
            0 < chars && chars <= DISPLAY_NAME_CHARS_MAX && !one.chars().any(char::is_control)
        });
        Ok(Self {
            dn: entry.dn.clone(),
            uid,
            email: email.map(str::to_owned),
            display_name: display_name.map(str::to_owned),
            staff: None,
            trusted: None,
        })
    }
}

/// It can be an address at all; whether mail arrives there, only mail tells.
fn is_address(text: &str) -> bool {
    let whole = text.rsplit_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty());
    whole && text.len() <= EMAIL_BYTES_MAX && !text.chars().any(|one| one.is_control() || one.is_whitespace())
}

/// The values of an attribute, whose name servers write in letters of their own choice.
pub(super) fn values<'a>(entry: &'a SearchEntry, attribute: &str) -> &'a [String] {
    let found = entry.attrs.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    found.map(|(_, values)| values.as_slice()).unwrap_or_default()
}

/// Whether one of these groups is among those that mean something; nothing where none does.
pub(super) fn meaning(groups: &[Dn], wanted: &[Dn]) -> Option<bool> {
    (!wanted.is_empty()).then(|| groups.iter().any(|group| wanted.contains(group)))
}
