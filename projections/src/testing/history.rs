//! A history that could have happened: every event follows from those before it as the rules of the write
//! side have it.

mod life;
mod people;
mod publishers;

use super::Chance;
use cairn_domain::account::Origin;
use cairn_domain::event::{
    AccountBlocked, AccountRegistered, AccountUnblocked, Event, OwnerAdded, OwnerRemoved,
    OwnershipTransferred, PluginDetailsEdited, PluginNameClaimed, PluginRegistered, StaffGranted,
    StaffWithdrawn, Stream, TokenIssued, TokenRevoked, TrustGranted, TrustWithdrawn, UploadedPackage,
    VersionApproved, VersionDeleted, VersionReplaced, VersionUnapproved, VersionUploaded, VoteCast,
};
use cairn_domain::ids::{AccountId, InvitationId, TokenId};
use cairn_domain::names::{License, PackageName, PluginName, Sha256};
use cairn_domain::plugin::{IconFile, PluginDetails};
use cairn_domain::qgis_version::CompatRange;
use cairn_domain::version_number::VersionNumber;
use cairn_domain::votes::Voter;
use chrono::{DateTime, TimeDelta};

/// Tells random histories.
#[derive(Debug)]
pub struct History {
    chance: Chance,
    plugins_max: usize,
    told: Vec<(Stream, Event)>,
    accounts: Vec<Account>,
    plugins: Vec<Plugin>,
    tokens: Vec<TokenId>,
    publishers: Vec<cairn_domain::event::PublisherNamed>,
    teams: Vec<people::Team>,
    /// Open invitations: to which plugin, and whom.
    invitations: Vec<(InvitationId, usize, AccountId)>,
}

#[derive(Debug)]
struct Account {
    id: AccountId,
    trusted: bool,
    staff: bool,
    blocked: bool,
}

#[derive(Debug)]
struct Plugin {
    package: PackageName,
    name: PluginName,
    owners: Vec<AccountId>,
    versions: Vec<Version>,
    /// Counts numbers, so that none comes twice.
    numbers: usize,
    /// How dead it is.
    death: Death,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    No,
    Marked,
    Tombstone,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state that comes and goes by itself")]
struct Version {
    number: VersionNumber,
    sha256: Sha256,
    approved: bool,
    approved_once: bool,
    experimental: bool,
    yanked: bool,
}

const WORDS: [&str; 12] = [
    "raster", "vector", "lasso", "mesh", "tile", "geocode", "épée", "north", "snap", "graph", "point", "Höhe",
];

impl History {
    /// `n_events` events about at most `n_plugins` plugins; the same for the same seed on every machine.
    pub fn random(seed: u64, n_plugins: usize, n_events: usize) -> Vec<(Stream, Event)> {
        let mut history = Self {
            chance: Chance::new(seed),
            plugins_max: n_plugins.max(1),
            told: Vec::with_capacity(n_events + 8),
            accounts: Vec::new(),
            plugins: Vec::new(),
            tokens: Vec::new(),
            publishers: Vec::new(),
            teams: Vec::new(),
            invitations: Vec::new(),
        };
        history.account();
        while history.told.len() < n_events {
            history.happen();
        }
        history.told.truncate(n_events);
        history.told
    }

    fn happen(&mut self) {
        if self.plugins.is_empty() || (self.plugins.len() < self.plugins_max && self.chance.percent(20)) {
            return self.plugin();
        }
        match self.chance.below(100) {
            0..30 => self.upload(),
            30..46 => self.approve(),
            46..53 => self.say_of_plugin(),
            53..60 => self.say_of_version(),
            60..64 => self.unapprove(),
            64..68 => self.replace(),
            68..71 => self.delete(),
            71..76 => self.edit(),
            76..81 => self.own(),
            81..84 => self.gather(),
            84..88 => self.account(),
            88..92 => self.judge(),
            92..95 => self.token(),
            95..97 => self.die_or_live(),
            _ => self.vote(),
        }
    }

    fn tell(&mut self, stream: Stream, event: impl Into<Event>) {
        self.told.push((stream, event.into()));
    }

    fn account(&mut self) {
        let id = AccountId(self.chance.id());
        let commitment = Sha256::of(id.0.as_bytes());
        self.tell(Stream::Account(id), AccountRegistered { account: id, commitment, origin: Origin::Local });
        self.accounts.push(Account { id, trusted: false, staff: false, blocked: false });
    }

    /// Trust, staff and blocks come and go.
    fn judge(&mut self) {
        let at = self.chance.below(self.accounts.len());
        let kind = self.chance.below(4);
        let it = &mut self.accounts[at];
        let (account, reason) = (it.id, Some("because".to_owned()));
        let flag = match kind {
            0 | 1 => &mut it.trusted,
            2 => &mut it.staff,
            _ => &mut it.blocked,
        };
        *flag = !*flag;
        let event: Event = match (kind, *flag) {
            (0 | 1, true) => TrustGranted { account, reason }.into(),
            (0 | 1, false) => TrustWithdrawn { account, reason }.into(),
            (2, true) => StaffGranted { account }.into(),
            (2, false) => StaffWithdrawn { account }.into(),
            (_, true) => AccountBlocked { account, reason, until: None }.into(),
            (_, false) => AccountUnblocked { account, reason }.into(),
        };
        self.tell(Stream::Account(account), event);
    }

    fn plugin(&mut self) {
        let n = self.plugins.len();
        let word = *self.chance.one(&["Lasso", "mesh", "Tile_x", "q-geo"]);
        let package: PackageName = format!("{word}{n}").parse().expect("letters and digits");
        let name: PluginName =
            format!("{} {word} {n}", self.chance.one(&WORDS)).parse().expect("a short name");
        let owner = self.accounts[self.chance.below(self.accounts.len())].id;
        self.tell(Stream::plugin(&package), PluginRegistered { package: package.clone(), owner });
        let claimed = PluginNameClaimed { name: name.clone(), package: package.clone() };
        self.tell(Stream::plugin_name(&name), claimed);
        self.plugins.push(Plugin {
            package,
            name,
            owners: vec![owner],
            versions: Vec::new(),
            numbers: 0,
            death: Death::No,
        });
        self.upload_to(n);
        self.edit_of(n);
    }

    /// One that lives; there always is one.
    fn some_plugin(&mut self) -> usize {
        let plugins = self.plugins.iter().enumerate();
        let living: Vec<usize> =
            plugins.filter(|(_, plugin)| plugin.death == Death::No).map(|(at, _)| at).collect();
        *self.chance.one(&living)
    }

    fn upload(&mut self) {
        let at = self.some_plugin();
        self.upload_to(at);
    }

    fn upload_to(&mut self, at: usize) {
        let (number, file) = (self.number(at), self.file(at));
        let plugin = &mut self.plugins[at];
        let package = plugin.package.clone();
        plugin.versions.push(Version {
            number: number.clone(),
            sha256: file.sha256,
            approved: false,
            approved_once: false,
            experimental: file.experimental,
            yanked: false,
        });
        self.tell(
            Stream::plugin(&package),
            VersionUploaded { package: package.clone(), version: number, file },
        );
    }

    /// A version for which `of` holds, if the plugin that chance picks has one.
    fn some_version(&mut self, of: fn(&Version) -> bool) -> Option<(usize, usize)> {
        let plugin = self.some_plugin();
        let versions = self.plugins[plugin].versions.iter().enumerate();
        let fitting: Vec<usize> = versions.filter(|(_, version)| of(version)).map(|(at, _)| at).collect();
        if fitting.is_empty() { None } else { Some((plugin, *self.chance.one(&fitting))) }
    }

    fn approve(&mut self) {
        let Some((plugin, version)) = self.some_version(|version| !version.approved) else {
            return self.upload();
        };
        let package = self.plugins[plugin].package.clone();
        let it = &mut self.plugins[plugin].versions[version];
        (it.approved, it.approved_once) = (true, true);
        let event = VersionApproved {
            package: package.clone(),
            version: it.number.clone(),
            sha256: it.sha256,
            base: None,
        };
        self.tell(Stream::plugin(&package), event);
        if self.chance.percent(30) {
            self.edit_of(plugin);
        }
    }

    fn unapprove(&mut self) {
        let Some((plugin, version)) = self.some_version(|version| version.approved) else {
            return self.upload();
        };
        let package = self.plugins[plugin].package.clone();
        let it = &mut self.plugins[plugin].versions[version];
        it.approved = false;
        let event = VersionUnapproved { package: package.clone(), version: it.number.clone(), reason: None };
        self.tell(Stream::plugin(&package), event);
    }

    fn replace(&mut self) {
        let Some((plugin, version)) = self.some_version(|version| !version.approved_once) else {
            return self.upload();
        };
        let file = self.file(plugin);
        let replaced = self.plugins[plugin].versions[version].number.clone();
        let number = if self.chance.percent(50) { self.number(plugin) } else { replaced.clone() };
        let package = self.plugins[plugin].package.clone();
        let it = &mut self.plugins[plugin].versions[version];
        (it.number, it.sha256, it.experimental) = (number.clone(), file.sha256, file.experimental);
        let event = VersionReplaced { package: package.clone(), replaced, version: number, file };
        self.tell(Stream::plugin(&package), event);
    }

    fn delete(&mut self) {
        let Some((plugin, version)) = self.some_version(|_| true) else { return self.upload() };
        let package = self.plugins[plugin].package.clone();
        let gone = self.plugins[plugin].versions.remove(version);
        let event = VersionDeleted { package: package.clone(), version: gone.number, reason: None };
        self.tell(Stream::plugin(&package), event);
    }

    fn edit(&mut self) {
        let at = self.some_plugin();
        self.edit_of(at);
    }

    fn edit_of(&mut self, at: usize) {
        let details = self.details(at);
        let package = self.plugins[at].package.clone();
        let from_version = self.plugins[at].versions.last().map(|version| version.number.clone());
        self.tell(
            Stream::plugin(&package),
            PluginDetailsEdited { package: package.clone(), details, from_version },
        );
    }

    fn own(&mut self) {
        let (at, account) = (self.some_plugin(), self.accounts[self.chance.below(self.accounts.len())].id);
        let kind = self.chance.below(3);
        let plugin = &mut self.plugins[at];
        let package = plugin.package.clone();
        let first = plugin.owners[0];
        let event: Event = if plugin.owners.contains(&account) {
            if plugin.owners.len() == 1 {
                return self.upload_to(at);
            }
            plugin.owners.retain(|owner| *owner != account);
            OwnerRemoved { package: package.clone(), account, reason: None }.into()
        } else if kind == 0 {
            plugin.owners[0] = account;
            OwnershipTransferred { package: package.clone(), from: first, to: account, reason: None }.into()
        } else {
            plugin.owners.push(account);
            OwnerAdded { package: package.clone(), account, reason: None }.into()
        };
        self.tell(Stream::plugin(&package), event);
    }

    fn token(&mut self) {
        if self.chance.percent(40) {
            return self.publisher();
        }
        if !self.tokens.is_empty() && self.chance.percent(40) {
            let token = self.tokens.swap_remove(self.chance.below(self.tokens.len()));
            return self.tell(Stream::Token(token), TokenRevoked { token, reason: None });
        }
        let (token, at) = (TokenId(self.chance.id()), self.some_plugin());
        let ends = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let event = TokenIssued {
            token,
            account: self.plugins[at].owners[0],
            package: self.plugins[at].package.clone(),
            secret_sha256: Sha256::of(token.0.as_bytes()),
            expires_at: self.chance.percent(50).then_some(ends),
            may_approve: true,
        };
        self.tokens.push(token);
        self.tell(Stream::Token(token), event);
    }

    /// Few voters, so that many vote again.
    fn vote(&mut self) {
        let at = self.some_plugin();
        let package = self.plugins[at].package.clone();
        let voter = if self.chance.percent(50) {
            Voter::Account(self.accounts[self.chance.below(self.accounts.len())].id)
        } else {
            Voter::OfTheDay(Sha256::of(&[u8::try_from(self.chance.below(20)).expect("it is below 20")]))
        };
        let score = u8::try_from(1 + self.chance.below(5)).expect("it is 1 to 5");
        self.tell(Stream::votes(&package), VoteCast { package: package.clone(), score, voter });
    }

    /// A number that the plugin never had, in one of the ways that authors write numbers.
    fn number(&mut self, at: usize) -> VersionNumber {
        let plugin = &mut self.plugins[at];
        plugin.numbers += 1;
        let n = plugin.numbers;
        let text = match self.chance.below(6) {
            0 => format!("v1.{n}"),
            1 => format!("1.{n}.0"),
            2 => format!("1.{n}-rc1"),
            3 => format!("1.0{n}.2"),
            _ => format!("1.{n}"),
        };
        text.parse().expect("it is a version number")
    }

    fn file(&mut self, at: usize) -> UploadedPackage {
        let min = *self.chance.one(&["3.0", "3.16", "3.34.2", "4.0"]);
        let max = if min.starts_with('3') && self.chance.percent(30) { Some("3.99".parse()) } else { None };
        let max = max.transpose().expect("it is a QGIS version");
        let min = min.parse().expect("it is a QGIS version");
        UploadedPackage {
            sha256: Sha256::of(self.chance.id().as_bytes()),
            size_bytes: 1_000 + self.chance.number() % 1_000_000,
            experimental: self.chance.percent(20),
            qgis: CompatRange::new(min, max).expect("it ends after it begins"),
            changelog: self.chance.percent(60).then(|| "Faster & <better>.\n".repeat(5)),
            details: self.details(at),
            warnings: if self.chance.percent(10) { vec!["icon_missing".into()] } else { Vec::new() },
            license: self.license(),
        }
    }

    /// Older packages have none.
    fn license(&mut self) -> Option<License> {
        let license = *self.chance.one(&["", "GPL-2.0-or-later", "GPL-3.0", "MIT", "Ask me"]);
        license.parse().ok()
    }

    fn details(&mut self, at: usize) -> PluginDetails {
        let mut tags: Vec<&str> = (0..self.chance.below(4)).map(|_| *self.chance.one(&WORDS)).collect();
        tags.sort_unstable();
        tags.dedup();
        let word = *self.chance.one(&WORDS);
        let deps = self.chance.percent(10).then(|| "Other Plugin==1.2".to_owned());
        PluginDetails {
            name: self.plugins[at].name.clone(),
            description: format!("Works with {word} layers."),
            about: self
                .chance
                .percent(80)
                .then(|| format!("It takes a {word} and makes it better. ").repeat(8)),
            homepage: Some(format!("https://example.org/{word}")),
            tracker: Some("https://example.org/issues".into()),
            repository: Some("https://example.org/code".into()),
            tags: tags.into_iter().map(|tag| tag.parse().expect("it is a tag")).collect(),
            category: self.chance.percent(50).then(|| "Vector".to_owned()),
            plugin_dependencies: deps.clone(),
            external_dependencies: deps,
            server: self.chance.percent(5),
            deprecated: self.chance.percent(5),
            has_processing_provider: self.chance.percent(20),
            icon: self
                .chance
                .percent(70)
                .then(|| IconFile { sha256: Sha256::of(word.as_bytes()), extension: "png".into() }),
        }
    }
}
