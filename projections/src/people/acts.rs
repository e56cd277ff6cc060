//! Who did what, and how often each deed was done on a day: from a page of the registry log alone. Pure but for the writing.

use crate::columns::signed;
use crate::fact::{Fact, Fault};
use cairn_domain::Event;
use cairn_domain::event::{EventMeta, PluginEvent};
use cairn_domain::names::PackageName;
use cairn_domain::version_number::VersionNumber;
use cairn_store::{Bulk, Recorded, Result, Tx, Value, on, sqlx};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

static ADD_DEED: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/add_deed.sql")));
static PUT_ACT: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/put_act.sql")));
static PUT_UPLOAD: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("sql/put_upload.sql")));

/// Days have no leap seconds in Unix time.
const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Events whose metadata is read without a pause: requests are answered by the same threads.
const EVENTS_AT_A_TIME: usize = 1_000;

/// What a page adds.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    generation: i64,
    deeds: BTreeMap<(i64, &'static str), i64>,
    /// Who did what is at a position.
    by: Vec<(u64, Uuid)>,
    /// By plugin and version, the token by which its file came; none where a person brought it.
    uploads: BTreeMap<(String, String), Option<Uuid>>,
}

/// Whether an event of this kind says which file a version has.
pub(super) fn wants(kind: &str) -> bool {
    matches!(kind, "VersionUploaded" | "VersionReplaced")
}

/// The deeds that are counted by day, by their kinds.
fn counted(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "AccountRegistered" => "account",
        "PluginRegistered" => "plugin",
        // A file that replaces one is an upload as well.
        "VersionUploaded" | "VersionReplaced" => "upload",
        "VersionApproved" => "approval",
        _ => return None,
    })
}

/// What is in a page. The facts are those of its events that were read.
pub(crate) async fn acts(generation: i64, page: &[Recorded], facts: &[Fact]) -> Result<Acts, Fault> {
    let mut found = Acts { generation, ..Acts::default() };
    for (at, recorded) in page.iter().enumerate() {
        if at % EVENTS_AT_A_TIME == 0 {
            tokio::task::yield_now().await;
        }
        found.note(recorded)?;
    }
    for fact in facts {
        found.take(fact);
    }
    Ok(found)
}

impl Acts {
    fn note(&mut self, recorded: &Recorded) -> Result<(), Fault> {
        let day = recorded.recorded_at.timestamp_micros().div_euclid(DAY_US);
        if let Some(deed) = counted(&recorded.kind) {
            *self.deeds.entry((day, deed)).or_default() += 1;
        }
        if recorded.kind == "VoteCast" {
            return Ok(());
        }
        let meta: EventMeta = serde_json::from_slice(&recorded.metadata).map_err(|fault| Fault::Event {
            position: recorded.position,
            reason: format!("the metadata of {} cannot be read: {fault}", recorded.kind),
        })?;
        self.by.extend(meta.actor.account().map(|account| (recorded.position, account.0)));
        Ok(())
    }

    fn take(&mut self, fact: &Fact) {
        let mut came = |package: &PackageName, version: &VersionNumber, token| {
            self.uploads.insert((package.folded(), version.to_string()), token);
        };
        match &fact.event {
            Event::Plugin(PluginEvent::VersionUploaded(it)) => came(&it.package, &it.version, fact.token),
            Event::Plugin(PluginEvent::VersionReplaced(it)) => {
                came(&it.package, &it.replaced, None);
                came(&it.package, &it.version, fact.token);
            }
            _ => {}
        }
    }

    /// Writes it all.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        let generation = self.generation;
        let deeds: Vec<Vec<Value>> = self
            .deeds
            .into_iter()
            .map(|((day, deed), n)| vec![generation.into(), day.into(), deed.into(), n.into()])
            .collect();
        ADD_DEED.rows(tx, &deeds).await?;
        let act = |(position, account): (u64, Uuid)| {
            vec![generation.into(), signed(position).into(), account.into()]
        };
        let acts: Vec<Vec<Value>> = self.by.into_iter().map(act).collect();
        PUT_ACT.rows(tx, &acts).await?;
        let mut came: Vec<Vec<Value>> = Vec::new();
        for ((package, version), token) in self.uploads {
            let Some(token) = token else {
                on!(tx, |c| sqlx::query(include_str!("sql/delete_upload.sql"))
                    .bind(generation)
                    .bind(&package)
                    .bind(&version)
                    .execute(&mut *c)
                    .await
                    .map(drop))?;
                continue;
            };
            came.push(vec![generation.into(), package.into(), version.into(), token.into()]);
        }
        PUT_UPLOAD.rows(tx, &came).await?;
        Ok(())
    }
}
