//! The slow half of an upload, done before the log's lock is taken: inspect the zip, store it, then give the command.

mod staged;

pub use staged::{Becomes, Foreseen, Kept, Purpose, STAGED_FOR, STAGED_MAX, Staged};

use crate::version::{ReplaceVersion, UploadVersion, Uploaded};
use crate::{Command, Commands, Done, Fault};
use bytes::Bytes;
use cairn_domain::names::PackageName;
use cairn_domain::package::{Finding, Inspection, Package, PackageLimits, Profile, Severity, inspect};
use cairn_domain::{Actor, Refusal};
use cairn_store::{Blobs, Clock};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Takes packages in, for every door alike. Clones share the limit on concurrent inspections.
#[derive(Debug, Clone)]
pub struct Intake {
    commands: Commands,
    blobs: Blobs,
    clock: Arc<dyn Clock>,
    rules: Arc<Rules>,
    inspecting: Arc<Semaphore>,
}

#[derive(Debug)]
struct Rules {
    profile: Profile,
    limits: PackageLimits,
}

/// What became of an upload: the command's outcome and the findings that did not refuse it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The outcome.
    pub done: Done<Uploaded>,
    /// Warnings for the author.
    pub warnings: Vec<Finding>,
}

impl Intake {
    /// Inspects by these rules, at most two packages at once: each holds up to one unpacked entry in memory.
    pub fn new(
        commands: Commands,
        blobs: Blobs,
        clock: Arc<dyn Clock>,
        profile: Profile,
        limits: PackageLimits,
    ) -> Self {
        let rules = Arc::new(Rules { profile, limits });
        Self { commands, blobs, clock, rules, inspecting: Arc::new(Semaphore::new(2)) }
    }

    /// The limits on packages, for doors that refuse large bodies before reading them.
    pub fn limits(&self) -> &PackageLimits {
        &self.rules.limits
    }

    /// Adds a version, or a plugin with its first version. When this returns `Ok`, file and events are durable.
    ///
    /// `into` is the plugin that the door's address names; `key` the caller's idempotency key.
    pub async fn add(
        &self,
        into: Option<PackageName>,
        zip: Bytes,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Received, Fault> {
        let (package, warnings) = self.inspect(zip.clone()).await?;
        let command = UploadVersion::of(into, &package, codes(&warnings));
        self.store_and_send(&command, package, zip, warnings, actor, key).await
    }

    /// Gives a waiting version another file, as [`Intake::add`] otherwise.
    pub async fn replace(
        &self,
        package: PackageName,
        replaced: &str,
        zip: Bytes,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Received, Fault> {
        let (with, warnings) = self.inspect(zip.clone()).await?;
        let command = ReplaceVersion::by(package, replaced, &with, codes(&warnings));
        self.store_and_send(&command, with, zip, warnings, actor, key).await
    }

    async fn inspect(&self, zip: Bytes) -> Result<(Package, Vec<Finding>), Fault> {
        match self.look_into(zip).await {
            Inspection { findings, package: Some(package) } => Ok((package, findings)),
            Inspection { findings, package: None } => Err(Refusal::PackageRefused { findings }.into()),
        }
    }

    /// Inspects a package when its turn comes, and does nothing with it.
    pub async fn look_into(&self, zip: Bytes) -> Inspection {
        let _turn = self.inspecting.acquire().await.expect("the semaphore is never closed");
        let rules = Arc::clone(&self.rules);
        let inspected =
            tokio::task::spawn_blocking(move || inspect(&zip, &rules.profile, &rules.limits)).await;
        inspected.expect("inspection neither panics nor is cancelled")
    }

    async fn store_and_send<C: Command<Answer = Uploaded>>(
        &self,
        command: &C,
        package: Package,
        zip: Bytes,
        warnings: Vec<Finding>,
        actor: Actor,
        key: Option<&str>,
    ) -> Result<Received, Fault> {
        if key.is_none() {
            self.commands.foresee(command, actor, self.clock.now()).await?;
        }
        if let Some(icon) = package.icon {
            self.blobs.put(Bytes::from(icon.bytes)).await?;
        }
        self.blobs.put(zip).await?;
        let done = self.commands.send(command, actor, key).await?;
        Ok(Received { done, warnings })
    }
}

fn codes(findings: &[Finding]) -> Vec<String> {
    let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning);
    let mut codes: Vec<String> = warnings.map(|finding| finding.code.as_str().to_owned()).collect();
    codes.dedup();
    codes
}
