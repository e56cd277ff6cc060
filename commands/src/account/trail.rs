//! What the log holds of an account: read from its beginning to its end, so nothing depends on a read model.

use crate::Fault;
use cairn_domain::Event;
use cairn_domain::event::{EventMeta, PluginEvent, Stream, TeamEvent};
use cairn_domain::ids::AccountId;
use cairn_domain::names::{PackageName, Sha256, TeamName};
use cairn_store::{Recorded, Registry};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the log that are read at once.
const ROWS_PER_READ: u32 = 1_000;

/// Everything in the log that an account did or that names it.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// The events, in order.
    pub events: Vec<Recorded>,
    /// Plugins that it owns or owned, by itself or through a team.
    pub plugins: BTreeSet<PackageName>,
    /// Teams that it is or was a member of.
    pub teams: BTreeSet<TeamName>,
    /// Files that it uploaded.
    pub packages: BTreeSet<Sha256>,
    /// How long the log was.
    pub head: u64,
}

impl Trail {
    /// Walks through the whole log. Takes a second for some hundred thousand events, so it is for rare deeds.
    pub async fn of(registry: &Registry, account: AccountId) -> Result<Self, Fault> {
        let mut walk = Walk { account, name: account.to_string(), ..Walk::default() };
        loop {
            let page = registry.read(walk.trail.head, ROWS_PER_READ).await?;
            if page.is_empty() {
                return Ok(walk.finish());
            }
            for recorded in page {
                walk.trail.head = recorded.position + 1;
                walk.meet(recorded)?;
            }
        }
    }

    /// The streams of the plugins and teams in it.
    pub fn streams(&self) -> Vec<Stream> {
        let plugins = self.plugins.iter().map(Stream::plugin);
        plugins.chain(self.teams.iter().map(Stream::team)).collect()
    }
}

struct Walk {
    account: AccountId,
    /// The id as it stands in payloads.
    name: String,
    trail: Trail,
    /// By folded team name: plugins that teams own or owned.
    of_teams: BTreeMap<String, BTreeSet<PackageName>>,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            account: AccountId(uuid::Uuid::nil()),
            name: String::new(),
            trail: Trail::default(),
            of_teams: BTreeMap::new(),
        }
    }
}

impl Walk {
    fn meet(&mut self, recorded: Recorded) -> Result<(), Fault> {
        let meta = serde_json::from_slice::<EventMeta>(&recorded.metadata).ok();
        let acted = meta.is_some_and(|meta| meta.actor.account() == Some(self.account));
        let named = holds(&recorded.payload, self.name.as_bytes())
            || holds(recorded.stream.as_bytes(), self.name.as_bytes());
        let team_owner = recorded.kind == "TeamOwnerAdded";
        if !(acted || named || team_owner) {
            return Ok(());
        }
        match Event::decode(&recorded.kind, recorded.schema, &recorded.payload)? {
            Event::Plugin(PluginEvent::TeamOwnerAdded(added)) => {
                self.of_teams.entry(added.team.folded()).or_default().insert(added.package);
            }
            Event::Plugin(event) => {
                if named {
                    self.trail.plugins.insert(event.package().clone());
                }
                if acted {
                    self.trail.packages.extend(uploaded(&event));
                }
            }
            Event::Team(event) if named => {
                self.trail.teams.insert(team_of(event));
            }
            _ => {}
        }
        if acted || named {
            self.trail.events.push(recorded);
        }
        Ok(())
    }

    fn finish(mut self) -> Trail {
        for team in &self.trail.teams {
            self.trail.plugins.extend(self.of_teams.remove(&team.folded()).into_iter().flatten());
        }
        self.trail
    }
}

fn uploaded(event: &PluginEvent) -> Option<Sha256> {
    match event {
        PluginEvent::VersionUploaded(uploaded) => Some(uploaded.file.sha256),
        PluginEvent::VersionReplaced(replaced) => Some(replaced.file.sha256),
        _ => None,
    }
}

fn team_of(event: TeamEvent) -> TeamName {
    match event {
        TeamEvent::TeamFormed(event) => event.team,
        TeamEvent::TeamMemberAdded(event) => event.team,
        TeamEvent::TeamMemberRemoved(event) => event.team,
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_wherever_it_stands() {
        assert!(holds(b"{\"account\":\"a1\"}", b"a1") && holds(b"a1", b"a1"));
        assert!(!holds(b"a", b"a1") && !holds(b"", b"a1") && !holds(b"a-1", b"a1"));
    }
}
