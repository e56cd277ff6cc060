//! What owners and staff make of plugins and versions, and how plugins die.

use super::{Death, History, Plugin, WORDS};
use cairn_domain::event::{
    Event, MaintainerNamed, PluginDeprecated, PluginFeatured, PluginMarkedForDeletion, PluginRestored,
    PluginRevived, PluginTombstoned, PluginUndeprecated, PluginUnfeatured, RenamingAllowed, Stream,
    VersionPinned, VersionRefused, VersionReviewAsked, VersionUnpinned, VersionUnyanked, VersionYanked,
};
use cairn_domain::plugin::Channel;
use chrono::{DateTime, TimeDelta};

impl History {
    fn tell_of(&mut self, at: usize, event: impl Into<Event>) {
        let stream = Stream::plugin(&self.plugins[at].package);
        self.tell(stream, event);
    }

    /// Advice, recommendation, contact, name.
    pub(super) fn say_of_plugin(&mut self) {
        let at = self.some_plugin();
        let package = self.plugins[at].package.clone();
        let other = self.plugins[self.chance.below(self.plugins.len())].package.clone();
        let account = self.accounts[self.chance.below(self.accounts.len())].id;
        let event: Event = match self.chance.below(8) {
            0 => {
                let successor = self.chance.percent(50).then_some(other);
                PluginDeprecated { package, successor, reason: Some("old".into()) }.into()
            }
            1 => PluginUndeprecated { package }.into(),
            2 => PluginFeatured { package }.into(),
            3 => PluginUnfeatured { package }.into(),
            4 => MaintainerNamed { package, account: self.chance.percent(70).then_some(account) }.into(),
            5 => RenamingAllowed { package, allowed: self.chance.percent(50) }.into(),
            _ => {
                let name = format!("{} {package} {}", self.chance.one(&WORDS), self.told.len());
                self.plugins[at].name = name.parse().expect("a short name");
                return self.edit_of(at);
            }
        };
        self.tell_of(at, event);
    }

    /// Yanks, pins, refusals, second looks.
    pub(super) fn say_of_version(&mut self) {
        let Some((plugin, version)) = self.some_version(|_| true) else { return self.upload() };
        let package = self.plugins[plugin].package.clone();
        let kind = self.chance.below(4);
        let it = &mut self.plugins[plugin].versions[version];
        let (number, reason) = (it.number.clone(), "eats layers".to_owned());
        let channel = if it.experimental { Channel::Experimental } else { Channel::Stable };
        let event: Event = match (it.approved, it.yanked, kind) {
            (_, true, 0 | 1) => {
                it.yanked = false;
                VersionUnyanked { package, version: number }.into()
            }
            (true, false, 0) => {
                it.yanked = true;
                VersionYanked { package, version: number, reason }.into()
            }
            (true, false, 1) => VersionPinned { package, channel, version: number }.into(),
            (true, _, 2) => VersionReviewAsked { package, version: number, reason: Some(reason) }.into(),
            (false, _, 2) => {
                VersionRefused { package, version: number, sha256: it.sha256, base: None, reason }.into()
            }
            _ => VersionUnpinned { package, channel }.into(),
        };
        self.tell_of(plugin, event);
    }

    /// Marks one for deletion while others live; restores, buries or revives what is marked or gone.
    pub(super) fn die_or_live(&mut self) {
        let dead: Vec<usize> = (0..self.plugins.len()).filter(|at| self.is_dead(*at)).collect();
        if dead.is_empty() || (dead.len() + 1 < self.plugins.len() && self.chance.percent(50)) {
            if self.plugins.len() == 1 {
                return self.upload();
            }
            let at = self.some_plugin();
            let package = self.plugins[at].package.clone();
            self.plugins[at].death = Death::Marked;
            let until = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
            return self.tell_of(at, PluginMarkedForDeletion { package, until, reason: None });
        }
        let at = *self.chance.one(&dead);
        let owner = self.accounts[self.chance.below(self.accounts.len())].id;
        let restore = self.chance.percent(50);
        let plugin: &mut Plugin = &mut self.plugins[at];
        let package = plugin.package.clone();
        let event: Event = match plugin.death {
            Death::Marked if restore => {
                plugin.death = Death::No;
                PluginRestored { package }.into()
            }
            Death::Marked => {
                plugin.death = Death::Tombstone;
                plugin.versions.clear();
                plugin.owners.clear();
                PluginTombstoned { package, reason: None }.into()
            }
            Death::Tombstone | Death::No => {
                plugin.death = Death::No;
                plugin.owners.push(owner);
                PluginRevived { package, owner, reason: None }.into()
            }
        };
        self.tell_of(at, event);
    }

    fn is_dead(&self, at: usize) -> bool {
        self.plugins[at].death != Death::No
    }
}
