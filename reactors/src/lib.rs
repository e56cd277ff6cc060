//! What Cairn does of its own accord once something has happened or a time has come: it sends mail, ends what has run
//! out, and learns which QGIS versions there are.

mod deletion;
mod follow;
pub mod mail;
pub mod qgis;
mod schedule;
#[cfg(test)]
mod testing;

pub use mail::{MailSettings, OpenFault};
pub use qgis::QgisVersions;

use cairn_commands::{Commands, Intake};
use cairn_store::{Clock, Ids, StoreError, Subscriptions};
use deletion::Deletions;
use follow::{Follower, Tools, chain};
use mail::Letters;
use schedule::Schedule;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often it is looked whether plugins' time to be restored is over.
const BURY_EVERY: Duration = Duration::from_mins(5);

/// How often it is looked whether something of people has been kept long enough.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// How often it is looked whether packages wait longer for their authors' word than they may.
const FORGET_STAGED_EVERY: Duration = Duration::from_mins(5);

/// What is done of its own accord.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How letters are sent; nobody gets any if this is not set.
    pub mail: Option<MailSettings>,
    /// Where QGIS versions are learned from; they are what staff say if this is not set.
    pub qgis_versions: Option<QgisVersions>,
    /// Who keeps packages for their authors' word; those that nobody published in time stay if this is not set.
    pub intake: Option<Intake>,
}

/// Everything that reactors work with.
#[derive(Debug, Clone)]
pub struct Reactors {
    commands: Commands,
    tools: Tools,
}

impl Reactors {
    /// Reactors on the log of these commands. Nothing runs yet.
    pub fn new(commands: Commands, clock: Arc<dyn Clock>, ids: Arc<Ids>) -> Self {
        let registry = commands.registry().clone();
        let db = registry.db().clone();
        let subscriptions = Subscriptions::new(db.clone(), Arc::clone(&clock));
        Self { commands, tools: Tools { db, registry, clock, subscriptions, ids } }
    }

    /// How many letters wait to be sent.
    pub async fn letters_waiting(&self) -> Result<u64, StoreError> {
        mail::waiting(&self.tools.db).await
    }

    /// Starts them; they end when cancelled. Any number of nodes may: what is done, one of them does.
    ///
    /// An error says that mail is set up in a way that can never work, or that the database does not answer; nothing runs then.
    pub async fn start(
        &self,
        settings: Settings,
        tracker: &TaskTracker,
        cancel: &CancellationToken,
    ) -> Result<(), OpenFault> {
        if let Some(mail) = settings.mail {
            let letters = Letters::open(&self.tools, &self.commands, mail).await?;
            letters.spawn(tracker, cancel.clone());
        } else {
            tracing::info!("smtp_url is not set, so nobody gets mail");
        }
        tracker.spawn(self.clone().follow_deletions(cancel.clone()));
        tracker.spawn(cancel.clone().run_until_cancelled_owned(self.clone().bury()));
        tracker.spawn(cancel.clone().run_until_cancelled_owned(self.clone().forget()));
        if let Some(intake) = settings.intake {
            tracker.spawn(cancel.clone().run_until_cancelled_owned(self.clone().forget_staged(intake)));
        }
        if let Some(versions) = settings.qgis_versions {
            tracker.spawn(cancel.clone().run_until_cancelled_owned(self.clone().learn(versions)));
        }
        Ok(())
    }

    async fn follow_deletions(self, cancel: CancellationToken) {
        let mut follower = Follower::new(self.tools, Deletions);
        cancel.run_until_cancelled(follower.run()).await;
        follower.release().await;
    }

    async fn bury(self) {
        let schedule = Schedule { name: "deletions", every: BURY_EVERY };
        let Self { tools: Tools { db, clock, .. }, commands } = &self;
        let work = async || match deletion::bury(db, commands, &**clock).await {
            Ok(0) => {}
            Ok(plugins) => {
                tracing::info!(plugins, "{plugins} plugins are gone, since nobody restored them in time");
            }
            Err(error) => {
                tracing::warn!(error = %chain(&error), "plugins whose time is over could not be buried");
            }
        };
        schedule.run(db, &**clock, work).await;
    }

    async fn forget(self) {
        let schedule = Schedule { name: "former_addresses", every: FORGET_EVERY };
        let Tools { db, clock, .. } = &self.tools;
        let work = async || {
            if let Err(error) = mail::forget_former_addresses(db, &**clock).await {
                tracing::warn!(error = %chain(&error), "former addresses could not be forgotten");
            }
        };
        schedule.run(db, &**clock, work).await;
    }

    async fn forget_staged(self, intake: Intake) {
        let schedule = Schedule { name: "staged_packages", every: FORGET_STAGED_EVERY };
        let Tools { db, clock, .. } = &self.tools;
        let work = async || match intake.forget_staged().await {
            Ok(0) => {}
            Ok(packages) => {
                tracing::info!(packages, "{packages} packages are forgotten that nobody published in time");
            }
            Err(error) => {
                tracing::warn!(error = %chain(&error), "packages that nobody published in time could not be forgotten");
            }
        };
        schedule.run(db, &**clock, work).await;
    }

    async fn learn(self, versions: QgisVersions) {
        let schedule = Schedule { name: "qgis_versions", every: versions.every };
        let Self { tools: Tools { db, clock, .. }, commands } = &self;
        let work = async || match qgis::learn(&versions, commands).await {
            Ok(releases) => {
                tracing::debug!(latest = releases.latest, ltr = releases.ltr, "QGIS versions are known");
            }
            Err(error) => {
                metrics::counter!("cairn_qgis_versions_failed_total").increment(1);
                tracing::warn!(error = %chain(&error), "QGIS versions were not learned; those that are known stay");
            }
        };
        schedule.run(db, &**clock, work).await;
    }
}
