//! Finds what the events of a page touch, with one question for each table.

use super::fold::voter_key;
use super::state::{Plugin, PluginRow, State, Version, VersionRow};
use crate::columns::{hexadecimal, list_of_ids, list_of_texts, list_of_uuids, unsigned};
use crate::fact::{Fact, Fault};
use cairn_domain::Event;
use cairn_domain::event::{AccountEvent, PluginEvent, VotesEvent};
use cairn_domain::names::PackageName;
use cairn_store::{Conn, Db, Result, engine_sql, on, sqlx};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What a page needs to know of earlier pages.
#[derive(Debug, Default)]
struct Wanted {
    /// Plugins that are older than the page.
    packages: BTreeSet<String>,
    /// Accounts that register a plugin, or are given one.
    creators: BTreeSet<Uuid>,
    /// Accounts whose trust changes, which changes all their plugins.
    trust: BTreeSet<Uuid>,
    /// Voters, in hexadecimal.
    voters: BTreeSet<String>,
}

impl Wanted {
    fn of(facts: &[Fact]) -> Self {
        let mut wanted = Self::default();
        let mut born = HashSet::new();
        for fact in facts {
            match &fact.event {
                Event::Plugin(PluginEvent::PluginRegistered(registered)) => {
                    born.insert(registered.package.folded());
                    wanted.creators.insert(registered.owner.0);
                }
                Event::Account(AccountEvent::TrustGranted(granted)) => {
                    wanted.trust.insert(granted.account.0);
                }
                Event::Account(AccountEvent::TrustWithdrawn(withdrawn)) => {
                    wanted.trust.insert(withdrawn.account.0);
                }
                event => {
                    if let Some(key) = package_of(event).map(PackageName::folded)
                        && !born.contains(&key)
                    {
                        wanted.packages.insert(key);
                    }
                }
            }
            if let Event::Plugin(PluginEvent::PluginRevived(revived)) = &fact.event {
                wanted.creators.insert(revived.owner.0);
            }
            if let Event::Votes(VotesEvent::VoteCast(vote)) = &fact.event {
                wanted.voters.insert(hexadecimal(&voter_key(&vote.voter)));
            }
        }
        wanted
    }
}

fn package_of(event: &Event) -> Option<&PackageName> {
    match event {
        Event::Plugin(event) => Some(event.package()),
        Event::Votes(VotesEvent::VoteCast(vote)) => Some(&vote.package),
        Event::Account(_)
        | Event::Session(_)
        | Event::PluginName(_)
        | Event::Publisher(_)
        | Event::Token(_)
        | Event::Team(_)
        | Event::SignUp(_)
        | Event::Site(_) => None,
    }
}

/// The state that the facts need, as the tables have it.
pub(super) async fn load(db: &Db, generation: i64, facts: &[Fact]) -> Result<State, Fault> {
    let wanted = Wanted::of(facts);
    let mut conn = db.read().await?;
    let trusted = trusted(&mut conn, generation, &wanted.creators).await?;
    let mut plugins: BTreeMap<i64, Plugin> = BTreeMap::new();
    if !wanted.packages.is_empty() || !wanted.trust.is_empty() {
        for row in plugin_rows(&mut conn, generation, &wanted).await? {
            plugins.insert(row.plugin_id, Plugin::stored(row));
        }
    }
    if !plugins.is_empty() {
        let ids = plugins.keys().map(|id| unsigned(*id)).collect::<Result<Vec<u64>>>()?;
        let ids = list_of_ids(&ids);
        for row in version_rows(&mut conn, generation, &ids).await? {
            if let Some(plugin) = plugins.get_mut(&row.plugin_id) {
                plugin.versions.insert(row.version_id, Version { row, changed: false, texts: None });
            }
        }
        for (plugin_id, account) in owner_rows(&mut conn, generation, &ids).await? {
            plugins.entry(plugin_id).and_modify(|plugin| {
                plugin.owners.insert(account);
            });
        }
        for (plugin_id, tag) in tag_rows(&mut conn, generation, &ids).await? {
            plugins.entry(plugin_id).and_modify(|plugin| plugin.tags_before.push(tag));
        }
        for (plugin_id, voter, score) in vote_rows(&mut conn, generation, &ids, &wanted.voters).await? {
            plugins.entry(plugin_id).and_modify(|plugin| {
                plugin.votes.insert(voter, (score, false));
            });
        }
    }
    let plugins: HashMap<String, Plugin> =
        plugins.into_values().map(|plugin| (plugin.row.package_key.clone(), plugin)).collect();
    Ok(State { plugins, trusted, trust_changed: BTreeSet::new() })
}

impl Plugin {
    fn stored(row: PluginRow) -> Self {
        Self {
            tags_before: Vec::new(),
            name_before: Some(row.name.clone()),
            listed_before: row.is_listed(),
            row,
            stored: true,
            changed: false,
            versions: BTreeMap::new(),
            deleted: Vec::new(),
            uploaded: Vec::new(),
            replaced: Vec::new(),
            owners: BTreeSet::new(),
            owners_changed: false,
            tags: None,
            votes: BTreeMap::new(),
        }
    }
}

async fn plugin_rows(conn: &mut Conn, generation: i64, wanted: &Wanted) -> Result<Vec<PluginRow>> {
    let packages = list_of_texts(&wanted.packages.iter().map(String::as_str).collect::<Vec<_>>());
    let creators = list_of_uuids(&wanted.trust.iter().copied().collect::<Vec<_>>());
    let sql = engine_sql!(conn, "sql/load_plugins");
    on!(conn, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(&packages)
        .bind(&creators)
        .fetch_all(&mut *c)
        .await)
}

async fn version_rows(conn: &mut Conn, generation: i64, ids: &str) -> Result<Vec<VersionRow>> {
    let sql = engine_sql!(conn, "sql/versions_of");
    on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(ids).fetch_all(&mut *c).await)
}

async fn owner_rows(conn: &mut Conn, generation: i64, ids: &str) -> Result<Vec<(i64, Uuid)>> {
    let sql = engine_sql!(conn, "sql/owners_of");
    on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(ids).fetch_all(&mut *c).await)
}

async fn tag_rows(conn: &mut Conn, generation: i64, ids: &str) -> Result<Vec<(i64, String)>> {
    let sql = engine_sql!(conn, "sql/tags_of");
    on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(ids).fetch_all(&mut *c).await)
}

async fn vote_rows(
    conn: &mut Conn,
    generation: i64,
    ids: &str,
    voters: &BTreeSet<String>,
) -> Result<Vec<(i64, Vec<u8>, i64)>> {
    if voters.is_empty() {
        return Ok(Vec::new());
    }
    let voters = list_of_texts(&voters.iter().map(String::as_str).collect::<Vec<_>>());
    let sql = engine_sql!(conn, "sql/load_votes");
    on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(ids).bind(&voters).fetch_all(&mut *c).await)
}

async fn trusted(conn: &mut Conn, generation: i64, accounts: &BTreeSet<Uuid>) -> Result<HashSet<Uuid>> {
    if accounts.is_empty() {
        return Ok(HashSet::new());
    }
    let accounts = list_of_uuids(&accounts.iter().copied().collect::<Vec<_>>());
    let sql = engine_sql!(conn, "sql/load_trusted");
    let rows: Vec<(Uuid,)> =
        on!(conn, |c| sqlx::query_as(sql).bind(generation).bind(&accounts).fetch_all(&mut *c).await)?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}
