//! `[ldap]`: the directory that knows people.

use super::HIDDEN;
use anyhow::{Context, bail};
use cairn_outside::ldap::{Attributes, Bind, Directory, DirectorySettings, GroupSource, Groups, People};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use url::Url;

/// The table as it is written. Its Debug output hides the password.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LdapTable {
    /// What the directory is called in the vault; another name makes its people strangers.
    #[serde(default = "default_name")]
    pub name: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `ldap://` or `ldaps://`.
    pub url: Url,
    /// By default wherever the address is `ldap://`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starttls: Option<bool>,
    /// Passwords may go in plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_plaintext: Option<bool>,
    /// Authorities that are believed beside the built-in ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// An entry's name with `{name}` in it; instead of looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_dn: Option<String>,
    /// Below which entry people are looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_base: Option<String>,
    /// How, with `{name}` in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_filter: Option<String>,
    /// The account that looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bind_dn: Option<String>,
    /// Its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bind_password: Option<String>,
    /// What people are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_attribute: Option<String>,
    /// Where their mail addresses are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_attribute: Option<String>,
    /// Where their groups are; unless groups are looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_attribute: Option<String>,
    /// Below which entry groups are looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_base: Option<String>,
    /// How, with `{dn}` or `{uid}` in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_filter: Option<String>,
    /// Groups whose members are staff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff_groups: Vec<String>,
    /// Groups whose members are trusted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted_groups: Vec<String>,
}

fn default_name() -> String {
    "directory".into()
}

impl fmt::Debug for LdapTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LdapTable").field("name", &self.name).field("url", &self.url).finish_non_exhaustive()
    }
}

impl LdapTable {
    /// The table with the password from elsewhere, where there is one, after all of it was found to make sense.
    pub(super) fn checked(mut self, bind_password: Option<String>) -> anyhow::Result<Self> {
        self.bind_password = bind_password.or(self.bind_password);
        self.open().context("[ldap]")?;
        Ok(self)
    }

    /// What people call the directory.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or("the directory")
    }

    /// The directory, which is not asked yet.
    pub fn open(&self) -> anyhow::Result<Directory> {
        super::check_name(&self.name)?;
        Ok(Directory::new(self.settings()?)?)
    }

    fn settings(&self) -> anyhow::Result<DirectorySettings> {
        let mut settings = DirectorySettings::new(self.url.clone(), self.people()?);
        super::set(&mut settings.starttls, self.starttls);
        super::set(&mut settings.allow_plaintext, self.allow_plaintext);
        settings.ca_file.clone_from(&self.ca_file);
        let default = Attributes::default();
        settings.attributes = Attributes {
            uid: self.name_attribute.clone().unwrap_or(default.uid),
            mail: self.mail_attribute.clone().unwrap_or(default.mail),
            name: default.name,
        };
        let source = match (&self.group_attribute, &self.group_base, &self.group_filter) {
            (None, None, None) => GroupSource::Attribute("memberOf".into()),
            (Some(attribute), None, None) => GroupSource::Attribute(attribute.clone()),
            (None, Some(base), Some(filter)) => {
                GroupSource::Search { base: base.clone(), filter: filter.clone() }
            }
            _ => bail!("set either group_attribute, or group_base and group_filter"),
        };
        settings.groups =
            Groups { source, staff: self.staff_groups.clone(), trusted: self.trusted_groups.clone() };
        Ok(settings)
    }

    fn people(&self) -> anyhow::Result<People> {
        let bind = match (&self.bind_dn, &self.bind_password) {
            (None, None) => None,
            (Some(dn), Some(password)) => Some(Bind { dn: dn.clone(), password: password.clone() }),
            (Some(_), None) => {
                bail!("bind_dn has no password: set bind_password or CAIRN_LDAP_BIND_PASSWORD")
            }
            (None, Some(_)) => bail!("there is a bind_password and no bind_dn"),
        };
        match (&self.user_dn, &self.user_base, &self.user_filter) {
            (Some(_), None, None) if bind.is_some() => {
                bail!("bind_dn is for looking for people; with user_dn they sign in as themselves")
            }
            (Some(template), None, None) => Ok(People::Template(template.clone())),
            (None, Some(base), Some(filter)) => {
                Ok(People::Search { bind, base: base.clone(), user_filter: filter.clone() })
            }
            _ => bail!("set either user_dn, or user_base and user_filter"),
        }
    }

    /// The table with its password hidden.
    pub(super) fn shown(&self) -> Self {
        let bind_password = self.bind_password.as_ref().map(|_| HIDDEN.to_owned());
        Self { bind_password, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OSGEO: &str = "url = 'ldap://ldap.example.org'\nuser_dn = 'uid={name},ou=People,dc=osgeo,dc=org'\n";

    fn read(text: &str) -> anyhow::Result<LdapTable> {
        toml::from_str::<LdapTable>(text)?.checked(None)
    }

    #[test]
    fn a_few_lines_suffice() {
        let table = read(OSGEO).unwrap();
        assert_eq!((table.name.as_str(), table.title()), ("directory", "the directory"));
        let settings = table.settings().unwrap();
        assert!(settings.starttls && !settings.allow_plaintext);
        assert_eq!(settings.attributes.uid, "uid");
    }

    #[test]
    fn what_cannot_work_is_told_before_anybody_signs_in() {
        let told = |text: &str| format!("{:#}", read(text).unwrap_err());
        let looks = "url = 'ldaps://d.example.org'\nuser_base = 'dc=org'\nuser_filter = '(uid={name})'\n";
        assert!(read(looks).is_ok());
        for (text, expected) in [
            (format!("{OSGEO}colour = 1"), "colour"),
            (format!("{OSGEO}name = 'a/b'"), "name"),
            (format!("{OSGEO}starttls = false"), "plain text"),
            (format!("{OSGEO}user_base = 'dc=org'"), "either user_dn"),
            (format!("{OSGEO}group_base = 'dc=org'"), "either group_attribute"),
            (format!("{OSGEO}staff_groups = ['staff']"), "no name of an entry"),
            (format!("{OSGEO}bind_dn = 'cn=a'\nbind_password = 'x'"), "as themselves"),
            (format!("{looks}bind_dn = 'cn=a'"), "CAIRN_LDAP_BIND_PASSWORD"),
            (format!("{looks}bind_password = 'x'"), "no bind_dn"),
            ("user_dn = 'uid={name}'".into(), "url"),
        ] {
            let told = told(&text);
            assert!(told.contains(expected), "{expected}: {told}");
        }
    }

    #[test]
    fn a_password_from_elsewhere_wins_and_is_never_shown() {
        let text = "url = 'ldaps://d.example.org'\nuser_base = 'dc=org'\nuser_filter = '(uid={name})'\n\
                    bind_dn = 'cn=a'\nbind_password = 'open'";
        let table = toml::from_str::<LdapTable>(text).unwrap().checked(Some("sesame".into())).unwrap();
        assert_eq!(table.bind_password.as_deref(), Some("sesame"));
        let shown = format!("{table:?}{}", toml::to_string(&table.shown()).unwrap());
        assert!(!shown.contains("sesame") && shown.contains(HIDDEN), "{shown}");
    }
}
