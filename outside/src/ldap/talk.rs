//! One conversation with a directory: about one name and one password.

use super::dn::{Dn, fill};
use super::fault::{
    CONSTRAINT_VIOLATION, DirectoryFault, INAPPROPRIATE_AUTHENTICATION, INVALID_CREDENTIALS, NO_SUCH_OBJECT,
    SIZE_LIMIT_EXCEEDED, UNWILLING_TO_PERFORM,
};
use super::person::{DirectoryPerson, meaning, values};
use super::settings::{Attributes, Bind, DirectorySettings, GroupSource, Meanings, People};
use ldap3::{Ldap, LdapResult, Scope, SearchEntry, SearchOptions, dn_escape, ldap_escape};
use tokio::time::timeout;

/// An entry that nobody made, to bind as where the name is unknown.
const NOBODY: &str = "cn=nobody-has-this-name";
/// Asks for entries without any attribute (RFC 4511, 4.5.1.8).
const NO_ATTRIBUTES: &str = "1.1";
const EVERYTHING: &str = "(objectClass=*)";

/// One conversation, on a connection of its own.
pub(super) struct Talk<'a> {
    settings: &'a DirectorySettings,
    meanings: &'a Meanings,
    ldap: Ldap,
}

impl<'a> Talk<'a> {
    pub(super) fn new(settings: &'a DirectorySettings, meanings: &'a Meanings, ldap: Ldap) -> Self {
        Self { settings, meanings, ldap }
    }

    /// Who it is, if the password is right. The connection is taken leave of in any case.
    pub(super) async fn about(
        mut self,
        name: &str,
        password: &str,
    ) -> Result<DirectoryPerson, DirectoryFault> {
        let settings = self.settings;
        let outcome = match &settings.people {
            People::Template(template) => self.by_template(template, name, password).await,
            People::Search { bind, base, user_filter } => {
                let filter = fill(user_filter, &[("name", &ldap_escape(name))]);
                self.by_search(bind.as_ref(), base, &filter, password).await
            }
        };
        // A server that does not hear it sees the connection end a moment later.
        drop(timeout(settings.limits.answer_timeout, self.ldap.unbind()).await);
        outcome
    }

    async fn by_template(
        &mut self,
        template: &str,
        name: &str,
        password: &str,
    ) -> Result<DirectoryPerson, DirectoryFault> {
        let dn = fill(template, &[("name", &dn_escape(name))]);
        self.bind_as_person(&dn, password).await?;
        let (entries, answer) =
            self.search(&dn, Scope::Base, EVERYTHING, self.settings.attributes_read(), 1).await?;
        match entries.as_slice() {
            [entry] => self.person(entry).await,
            // Without an entry nobody knows the groups, and whoever was staff would stop being it.
            _ if matches!(answer.rc, 0 | NO_SUCH_OBJECT) => {
                Err(DirectoryFault::Misconfigured("people may not read their own entries".into()))
            }
            _ => Err(DirectoryFault::of_answer("the search for an entry", &answer)),
        }
    }

    async fn by_search(
        &mut self,
        reader: Option<&Bind>,
        base: &str,
        filter: &str,
        password: &str,
    ) -> Result<DirectoryPerson, DirectoryFault> {
        self.bind_as_reader(reader).await?;
        // Two are enough to know that it is not one.
        let (entries, answer) =
            self.search(base, Scope::Subtree, filter, self.settings.attributes_read(), 2).await?;
        match (entries.as_slice(), answer.rc) {
            ([_, _, ..], _) | (_, SIZE_LIMIT_EXCEEDED) => Err(DirectoryFault::Ambiguous),
            ([entry], 0) => {
                self.bind_as_person(&entry.dn, password).await?;
                self.person_seen_by(entry, reader).await
            }
            ([], 0) => {
                // As much work as a wrong password, so that an answer's time does not tell which names there are.
                self.bind_as_person(&format!("{NOBODY},{base}"), password).await?;
                Err(DirectoryFault::WrongCredentials)
            }
            _ => Err(DirectoryFault::of_answer("the search for a person", &answer)),
        }
    }

    async fn person_seen_by(
        &mut self,
        entry: &SearchEntry,
        reader: Option<&Bind>,
    ) -> Result<DirectoryPerson, DirectoryFault> {
        if self.meanings.are_any() && matches!(self.settings.groups.source, GroupSource::Search { .. }) {
            self.bind_as_reader(reader).await?;
        }
        self.person(entry).await
    }

    async fn person(&mut self, entry: &SearchEntry) -> Result<DirectoryPerson, DirectoryFault> {
        let settings = self.settings;
        let person = DirectoryPerson::of_entry(entry, &settings.attributes, &settings.limits)?;
        if !self.meanings.are_any() {
            return Ok(person);
        }
        let groups = match &settings.groups.source {
            GroupSource::Attribute(attribute) => values(entry, attribute).to_vec(),
            GroupSource::Search { base, filter } => {
                let filter =
                    fill(filter, &[("dn", &ldap_escape(&*person.dn)), ("uid", &ldap_escape(&*person.uid))]);
                self.groups(base, &filter).await?
            }
        };
        if groups.len() > settings.limits.groups_max {
            return Err(too_many(settings.limits.groups_max));
        }
        // Whatever is no name of an entry is none of the groups that mean something.
        let groups: Vec<Dn> = groups.iter().filter_map(|group| Dn::parse(group)).collect();
        let staff = meaning(&groups, &self.meanings.staff);
        let trusted = meaning(&groups, &self.meanings.trusted);
        Ok(DirectoryPerson { staff, trusted, ..person })
    }

    async fn groups(&mut self, base: &str, filter: &str) -> Result<Vec<String>, DirectoryFault> {
        let groups_max = self.settings.limits.groups_max;
        let (entries, answer) =
            self.search(base, Scope::Subtree, filter, vec![NO_ATTRIBUTES], groups_max + 1).await?;
        match answer.rc {
            0 => Ok(entries.into_iter().map(|entry| entry.dn).collect()),
            SIZE_LIMIT_EXCEEDED => Err(too_many(groups_max)),
            _ => Err(DirectoryFault::of_answer("the search for groups", &answer)),
        }
    }

    async fn bind_as_reader(&mut self, reader: Option<&Bind>) -> Result<(), DirectoryFault> {
        let (dn, password) = reader.map_or(("", ""), |bind| (bind.dn.as_str(), bind.password.as_str()));
        let answer = self.bind(dn, password).await?;
        match answer.rc {
            0 => Ok(()),
            INVALID_CREDENTIALS => {
                Err(DirectoryFault::Misconfigured("the password of the account for Cairn is wrong".into()))
            }
            _ => Err(DirectoryFault::of_answer("the bind of the account for Cairn", &answer)),
        }
    }

    /// Blocked, expired and passwordless entries are told apart by some servers. To whoever asks they are the same as a
    /// wrong password.
    async fn bind_as_person(&mut self, dn: &str, password: &str) -> Result<(), DirectoryFault> {
        let answer = self.bind(dn, password).await?;
        match answer.rc {
            0 => Ok(()),
            INVALID_CREDENTIALS
            | NO_SUCH_OBJECT
            | INAPPROPRIATE_AUTHENTICATION
            | CONSTRAINT_VIOLATION
            | UNWILLING_TO_PERFORM => Err(DirectoryFault::WrongCredentials),
            _ => Err(DirectoryFault::of_answer("the bind of a person", &answer)),
        }
    }

    async fn bind(&mut self, dn: &str, password: &str) -> Result<LdapResult, DirectoryFault> {
        let answer = timeout(self.settings.limits.answer_timeout, self.ldap.simple_bind(dn, password)).await;
        let answer = answer.map_err(|_| DirectoryFault::Timeout)?;
        answer.map_err(|fault| DirectoryFault::of_connection(&fault))
    }

    /// At most so many entries, however many the server sends, and its last answer.
    async fn search(
        &mut self,
        base: &str,
        scope: Scope,
        filter: &str,
        attributes: Vec<&str>,
        entries_max: usize,
    ) -> Result<(Vec<SearchEntry>, LdapResult), DirectoryFault> {
        let patience = self.settings.limits.answer_timeout;
        let seconds = i32::try_from(patience.as_secs().max(1)).unwrap_or(i32::MAX);
        let entries = i32::try_from(entries_max).unwrap_or(i32::MAX);
        let options = SearchOptions::new().sizelimit(entries).timelimit(seconds);
        let reading = async {
            let mut found = Vec::new();
            let search = self.ldap.with_search_options(options);
            let mut stream = search.streaming_search(base, scope, filter, attributes).await?;
            while let Some(entry) = stream.next().await? {
                if !entry.is_ref() && !entry.is_intermediate() && found.len() < entries_max {
                    found.push(SearchEntry::construct(entry));
                }
            }
            Ok((found, stream.finish().await))
        };
        let read = timeout(patience, reading).await.map_err(|_| DirectoryFault::Timeout)?;
        read.map_err(|fault| DirectoryFault::of_connection(&fault))
    }
}

impl DirectorySettings {
    /// All that is asked of a person's entry, by name: `memberOf` is not given to who asks for everything.
    fn attributes_read(&self) -> Vec<&str> {
        let Attributes { uid, mail, name } = &self.attributes;
        let mut names = vec![uid.as_str(), mail, name];
        if let GroupSource::Attribute(attribute) = &self.groups.source {
            names.push(attribute);
        }
        names
    }
}

fn too_many(groups_max: usize) -> DirectoryFault {
    DirectoryFault::Misconfigured(format!("somebody is in more than {groups_max} groups"))
}
