//! Where the directory is, how people are found in it, and what their groups mean here.

use super::dn::Dn;
use super::fault::DirectoryFault;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where the directory is, how people are found in it, and what their groups mean here.
#[derive(Clone, Debug)]
pub struct DirectorySettings {
    /// `ldap://host` or `ldaps://host`, with a port where it is not 389 or 636, and nothing else.
    pub url: Url,
    /// Whether an `ldap://` connection is made safe by StartTLS before anything is said on it. `ldaps://` is safe from the start.
    pub starttls: bool,
    /// Whether passwords may be sent over an `ldap://` connection without StartTLS.
    pub allow_plaintext: bool,
    /// Certificates of authorities, in PEM, that are believed beside the built-in ones.
    pub ca_file: Option<PathBuf>,
    /// How a name becomes an entry.
    pub people: People,
    /// Where an entry has what.
    pub attributes: Attributes,
    /// What groups mean.
    pub groups: Groups,
    /// How much, and for how long.
    pub limits: DirectoryLimits,
}

/// How a name becomes an entry.
#[derive(Clone, Debug)]
pub enum People {
    /// By writing the name into a name of an entry: `uid={name},ou=people,dc=osgeo,dc=org`.
    Template(String),
    /// By looking for it.
    Search {
        /// Who looks; nobody in particular where the directory lets everybody look.
        bind: Option<Bind>,
        /// Below which entry.
        base: String,
        /// Which entry, such as `(uid={name})`.
        user_filter: String,
    },
}

/// An account of the directory for Cairn itself, which needs no more than to read. Debug output hides its password.
#[derive(Clone)]
pub struct Bind {
    /// The entry of that account.
    pub dn: String,
    /// Its password, not empty.
    pub password: String,
}

impl fmt::Debug for Bind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Bind").field("dn", &self.dn).finish_non_exhaustive()
    }
}

/// Names of the attributes that are read.
#[derive(Clone, Debug)]
pub struct Attributes {
    /// What a person is called, one value.
    pub uid: String,
    /// Mail addresses, of which the first is taken.
    pub mail: String,
    /// The name to show.
    pub name: String,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { uid: "uid".into(), mail: "mail".into(), name: "cn".into() }
    }
}

/// What groups mean. An empty list means that the directory does not say.
#[derive(Clone, Debug)]
pub struct Groups {
    /// How the groups of a person are found.
    pub source: GroupSource,
    /// Names of groups whose members are staff.
    pub staff: Vec<String>,
    /// Names of groups whose members are trusted.
    pub trusted: Vec<String>,
}

impl Default for Groups {
    fn default() -> Self {
        Self { source: GroupSource::Attribute("memberOf".into()), staff: Vec::new(), trusted: Vec::new() }
    }
}

/// How the groups of a person are found.
#[derive(Clone, Debug)]
pub enum GroupSource {
    /// An attribute of the person's entry has their names.
    Attribute(String),
    /// By looking for groups that have the person. Whoever found the person looks: the account for Cairn, or with a template
    /// the person.
    Search {
        /// Below which entry.
        base: String,
        /// Which groups, such as `(member={dn})` or `(memberUid={uid})`.
        filter: String,
    },
}

/// How much of a name, a password and an answer is taken, and how long is waited.
#[derive(Clone, Copy, Debug)]
pub struct DirectoryLimits {
    /// The most characters of a name that is asked for, and of the one that the directory gives.
    pub name_chars_max: usize,
    /// The most bytes of a password.
    pub password_bytes_max: usize,
    /// The most groups of one person.
    pub groups_max: usize,
    /// The most people that are signed in at once; others wait, as long as for a connection.
    pub connections_max: usize,
    /// How long until there is a safe connection.
    pub connect_timeout: Duration,
    /// How long until a request is answered in full.
    pub answer_timeout: Duration,
}

impl Default for DirectoryLimits {
    fn default() -> Self {
        Self {
            name_chars_max: 150,
            password_bytes_max: 1024,
            groups_max: 1000,
            connections_max: 16,
            connect_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(10),
        }
    }
}

/// Groups as they are compared.
#[derive(Debug)]
pub(super) struct Meanings {
    pub(super) staff: Vec<Dn>,
    pub(super) trusted: Vec<Dn>,
}

impl Meanings {
    /// Whether groups mean anything at all.
    pub(super) fn are_any(&self) -> bool {
        !(self.staff.is_empty() && self.trusted.is_empty())
    }
}

impl DirectorySettings {
    /// Those of a directory at this address, with StartTLS where the address is not safe by itself.
    pub fn new(url: Url, people: People) -> Self {
        Self {
            starttls: url.scheme() == "ldap",
            url,
            allow_plaintext: false,
            ca_file: None,
            people,
            attributes: Attributes::default(),
            groups: Groups::default(),
            limits: DirectoryLimits::default(),
        }
    }

    /// Host and port.
    pub(super) fn host(&self) -> Result<(String, u16), DirectoryFault> {
        let port = self.url.port().unwrap_or(if self.url.scheme() == "ldaps" { 636 } else { 389 });
        match self.url.host_str() {
            Some(host) if !host.is_empty() => Ok((host.trim_matches(['[', ']']).to_owned(), port)),
            _ => Err(misfit("the address has no host")),
        }
    }

    /// What the groups mean, after everything that can be known without asking the directory was found right.
    pub(super) fn checked(&self) -> Result<Meanings, DirectoryFault> {
        self.check_address()?;
        self.check_people()?;
        if let GroupSource::Search { base, filter } = &self.groups.source {
            entry(base)?;
            let asks_for_somebody = filter.contains("{dn}") || filter.contains("{uid}");
            check(asks_for_somebody, "the filter for groups has neither {dn} nor {uid}")?;
            readable(filter)?;
        }
        let limits = &self.limits;
        check(limits.connections_max > 0, "nobody may connect")?;
        check(limits.groups_max < i32::MAX as usize, "groups_max is too large")?;
        let groups = |names: &[String]| names.iter().map(|name| entry(name)).collect::<Result<Vec<_>, _>>();
        Ok(Meanings { staff: groups(&self.groups.staff)?, trusted: groups(&self.groups.trusted)? })
    }

    fn check_address(&self) -> Result<(), DirectoryFault> {
        self.host()?;
        let bare = self.url.username().is_empty() && self.url.password().is_none();
        check(bare, "the address has a name or password in it; give them as settings of their own")?;
        match (self.url.scheme(), self.starttls) {
            ("ldaps", false) | ("ldap", true) => Ok(()),
            ("ldaps", true) => Err(misfit("ldaps:// is safe from the start; leave StartTLS to ldap://")),
            ("ldap", false) => {
                check(self.allow_plaintext, "ldap:// without StartTLS sends passwords in plain text")
            }
            _ => Err(misfit("the address begins with neither ldap:// nor ldaps://")),
        }
    }

    fn check_people(&self) -> Result<(), DirectoryFault> {
        match &self.people {
            People::Template(template) => {
                check(template.contains("{name}"), "the template of names of people has no {name}")?;
                entry(&super::dn::fill(template, &[("name", "a")])).map(drop)
            }
            People::Search { bind, base, user_filter } => {
                entry(base)?;
                check(user_filter.contains("{name}"), "the filter for people has no {name}")?;
                readable(user_filter)?;
                let Some(bind) = bind else { return Ok(()) };
                check(!bind.password.is_empty(), "the account for Cairn has an empty password")?;
                entry(&bind.dn).map(drop)
            }
        }
    }
}

/// The filter with something harmless filled in can be read.
fn readable(filter: &str) -> Result<(), DirectoryFault> {
    let filled = super::dn::fill(filter, &[("name", "a"), ("dn", "a"), ("uid", "a")]);
    check(ldap3::parse_filter(filled).is_ok(), "a filter cannot be read")
}

fn entry(name: &str) -> Result<Dn, DirectoryFault> {
    Dn::parse(name).ok_or_else(|| DirectoryFault::Misconfigured(format!("{name:?} is no name of an entry")))
}

fn check(holds: bool, otherwise: &str) -> Result<(), DirectoryFault> {
    if holds { Ok(()) } else { Err(misfit(otherwise)) }
}

fn misfit(reason: &str) -> DirectoryFault {
    DirectoryFault::Misconfigured(reason.to_owned())
}
