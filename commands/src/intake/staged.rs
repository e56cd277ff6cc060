//! Packages that their author looks at before anything of them is published: everything that is found is told, and what would
//! happen; the bytes wait an hour for the author's word.

use super::{Intake, Received, codes};
use crate::version::{ReplaceVersion, UploadVersion};
use crate::{Command, Fact, Fault};
use bytes::Bytes;
use cairn_domain::event::{Event, PluginEvent};
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_domain::package::{Finding, Inspection, Package};
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::{StoreError, sha256_hex, vault};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long a package waits for its author's word.
pub const STAGED_FOR: TimeDelta = TimeDelta::hours(1);

/// How many packages of one account wait; one more, and the oldest is forgotten.
pub const STAGED_MAX: u32 = 4;

/// The most packages that are forgotten in one turn; the rest wait for the next.
const FORGOTTEN_PER_TURN_MAX: u32 = 200;

/// A package that was looked at, and what would become of it.
#[derive(Debug, Clone)]
pub struct Staged {
    /// How to name it to publish it; none if it cannot be taken.
    pub kept: Option<Kept>,
    /// Everything that was found, errors and warnings.
    pub findings: Vec<Finding>,
    /// What is in it; none if it is refused for a finding.
    pub package: Option<Package>,
    /// What would become of it, or why it cannot be taken; none if it is refused for a finding.
    pub foreseen: Option<Result<Foreseen, Refusal>>,
    /// The version whose file it shall be.
    pub replaces: Option<String>,
}

/// Where a package waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub id: Uuid,
    /// When it is forgotten.
    pub until: DateTime<Utc>,
}

/// What would become of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreseen {
    /// The sort of thing.
    pub becomes: Becomes,
    /// Whether it would be public at once; otherwise it waits for review.
    pub public: bool,
}

/// The sorts of things that a package can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// A plugin with its first version.
    Plugin,
    /// A version of a plugin that is there.
    Version,
    /// The file of a version that waits.
    Replacement,
}

/// What a package is for, as its author says.
#[derive(Debug, Clone, Default)]
pub struct Purpose {
    /// The plugin; the folder in the zip must be the same. Left out, the folder decides.
    pub into: Option<PackageName>,
    /// The version of that plugin whose file it shall be.
    pub replaces: Option<String>,
}

impl Intake {
    /// Looks at a package and keeps it for its author's word, if it can be taken. Nothing happens: no event, no version.
    pub async fn stage(&self, purpose: Purpose, zip: Bytes, actor: Actor) -> Result<Staged, Fault> {
        let account = self.may_stage(actor).await?;
        if purpose.replaces.is_some() && purpose.into.is_none() {
            return Err(
                Refusal::invalid("replaces", "is a version of the plugin that `intoPackage` names").into()
            );
        }
        let mut staged = self.foreseen(purpose.clone(), zip.clone(), actor).await?;
        if matches!(staged.foreseen, Some(Ok(_))) {
            staged.kept = Some(self.keep(account, purpose, zip).await?);
        }
        Ok(staged)
    }

    /// What was staged under an id, looked at anew. [`Refusal::StagedUnknown`] if it is not there, over, or another's.
    pub async fn staged(&self, id: Uuid, actor: Actor) -> Result<Staged, Fault> {
        let (row, zip) = self.waiting(id, actor).await?;
        let mut staged = self.foreseen(purpose_of(&row)?, zip, actor).await?;
        staged.kept = Some(Kept { id, until: row.until });
        Ok(staged)
    }

    /// The author's word: adds what was staged, as [`Intake::add`].
    pub async fn add_staged(
        &self,
        into: Option<PackageName>,
        id: Uuid,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Received, Fault> {
        let (_, zip) = self.waiting(id, actor).await?;
        self.add(into, zip, actor, key).await
    }

    /// The author's word: replaces a waiting version by what was staged, as [`Intake::replace`].
    pub async fn replace_by_staged(
        &self,
        package: PackageName,
        replaced: &str,
        id: Uuid,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Received, Fault> {
        let (_, zip) = self.waiting(id, actor).await?;
        self.replace(package, replaced, zip, actor, key).await
    }

    /// Deletes packages whose time is over, and answers how many.
    pub async fn forget_staged(&self) -> Result<u64, Fault> {
        let mut reading = self.db().read().await?;
        let over = vault::staged_until(&mut reading, self.clock.now(), FORGOTTEN_PER_TURN_MAX).await?;
        drop(reading);
        let count = over.len() as u64;
        self.forget(over).await?;
        Ok(count)
    }

    fn db(&self) -> &cairn_store::Db {
        self.commands.registry().db()
    }

    /// The account of somebody who may publish, asked before any work is done for them.
    async fn may_stage(&self, actor: Actor) -> Result<AccountId, Fault> {
        let known = self.commands.look(vec![], actor).await?;
        let moment = Moment { now: self.clock.now(), actor };
        known.acting_in_person(&moment)?;
        let account = known.acting_to_publish(&moment)?.account;
        Ok(account.ok_or(Refusal::Unauthenticated)?)
    }

    async fn foreseen(&self, purpose: Purpose, zip: Bytes, actor: Actor) -> Result<Staged, Fault> {
        let Purpose { into, replaces } = purpose;
        let Inspection { findings, package } = self.look_into(zip).await;
        let Some(package) = package else {
            return Ok(Staged { kept: None, findings, package: None, foreseen: None, replaces });
        };
        let warnings = codes(&findings);
        let outcome = match (into, &replaces) {
            (Some(into), Some(replaced)) => {
                self.ask(&ReplaceVersion::by(into, replaced, &package, warnings), actor).await
            }
            (into, _) => self.ask(&UploadVersion::of(into, &package, warnings), actor).await,
        };
        let foreseen = match outcome {
            Ok(facts) => Ok(foreseen_of(&facts, replaces.is_some())),
            Err(Fault::Refused(refusal)) => Err(refusal),
            Err(fault) => return Err(fault),
        };
        Ok(Staged { kept: None, findings, package: Some(package), foreseen: Some(foreseen), replaces })
    }

    async fn ask(&self, command: &impl Command, actor: Actor) -> Result<Vec<Fact>, Fault> {
        self.commands.foresee(command, actor, self.clock.now()).await
    }

    /// The row is there before the bytes are, so that whatever becomes of this process the bytes are found and deleted.
    async fn keep(&self, account: AccountId, purpose: Purpose, zip: Bytes) -> Result<Kept, Fault> {
        let until = self.clock.now().checked_add_signed(STAGED_FOR).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let id = self.commands.ids().v4();
        let row = vault::StagedRow {
            staged_id: id,
            account_id: account.0,
            sha256: sha256_hex(&zip),
            size_bytes: zip.len() as u64,
            into_package: purpose.into.map(|package| package.to_string()),
            replaces: purpose.replaces,
            until,
        };
        let mut tx = self.db().begin().await?;
        // More than one too many are there only if requests of one account raced each other.
        let present = vault::staged_of(&mut tx, account.0, STAGED_MAX * 4).await?;
        vault::put_staged(&mut tx, &row).await?;
        tx.commit().await?;
        self.forget(present.into_iter().skip(STAGED_MAX as usize - 1).collect()).await?;
        self.blobs.put_staged(id, zip).await?;
        Ok(Kept { id, until })
    }

    /// A package of this account whose time is not over, with its bytes.
    async fn waiting(&self, id: Uuid, actor: Actor) -> Result<(vault::StagedRow, Bytes), Fault> {
        let account = self.may_stage(actor).await?;
        let mut reading = self.db().read().await?;
        let row = vault::staged_by_id(&mut reading, id).await?;
        drop(reading);
        let ours = |row: &vault::StagedRow| row.account_id == account.0 && row.until > self.clock.now();
        let row = row.filter(ours).ok_or(Refusal::StagedUnknown)?;
        match self.blobs.staged(id).await {
            Ok(zip) if sha256_hex(&zip) == row.sha256 => Ok((row, zip)),
            Ok(_) => Err(StoreError::BlobDamaged(id.to_string()).into()),
            // The process that took it in died before it had stored the bytes.
            Err(StoreError::BlobMissing(_)) => Err(Refusal::StagedUnknown.into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn forget(&self, rows: Vec<vault::StagedRow>) -> Result<(), Fault> {
        for row in rows {
            self.blobs.delete_staged(row.staged_id).await?;
            let mut tx = self.db().begin().await?;
            vault::delete_staged(&mut tx, row.staged_id).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

fn purpose_of(row: &vault::StagedRow) -> Result<Purpose, Fault> {
    let into = row.into_package.as_deref().map(str::parse).transpose()?;
    Ok(Purpose { into, replaces: row.replaces.clone() })
}

fn foreseen_of(facts: &[Fact], replaces: bool) -> Foreseen {
    let has = |sort: fn(&PluginEvent) -> bool| {
        facts.iter().any(|(_, event)| matches!(event, Event::Plugin(event) if sort(event)))
    };
    let born = has(|event| matches!(event, PluginEvent::PluginRegistered(_)));
    Foreseen {
        becomes: match (replaces, born) {
            (true, _) => Becomes::Replacement,
            (false, true) => Becomes::Plugin,
            (false, false) => Becomes::Version,
        },
        public: has(|event| matches!(event, PluginEvent::VersionApproved(_))),
    }
}
