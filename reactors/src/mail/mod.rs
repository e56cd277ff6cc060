//! Letters: what happened is told to whom it concerns, by mail.
//!
//! A follower of the log notes which event makes a letter for whom, in the transaction that moves its checkpoint. A sender takes
//! one letter after the other, each for itself for two minutes, writes it of what the vault knows then, hands it to the mail
//! server, and forgets it. So each is sent once, on however many nodes; when a process ends between the server's word and
//! the forgetting, it is sent once more with the same Message-Id.

mod compose;
pub mod letter;
mod outbox;
mod reader;
mod render;
mod sender;
mod words;

#[cfg(test)]
mod tests;

use crate::follow::{Follower, Tools};
use cairn_commands::Commands;
use cairn_commands::link::Links;
use cairn_outside::smtp::{MailFault, Mailer, MailerSettings};
use cairn_store::{Clock, Db, StoreError, vault};
use compose::Composer;
use reader::{LETTER_AGE_MAX, Reader};
use sender::Sender;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// How letters are sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server.
    pub server: MailerSettings,
    /// How clients reach the site: links begin with it.
    pub base_url: Url,
    /// Staff who have proved their addresses are told of versions that wait for review.
    pub staff_letters: bool,
}

/// The two tasks of mail, ready to be run.
#[derive(Debug)]
pub(crate) struct Letters {
    follower: Follower<Reader>,
    sender: Sender,
}

impl Letters {
    /// Puts them together. The first time this happens for a database, everything that the log has already is noted as never to be
    /// mailed.
    pub(crate) async fn open(
        tools: &Tools,
        commands: &Commands,
        settings: MailSettings,
    ) -> Result<Self, OpenFault> {
        let MailSettings { server, base_url, staff_letters } = settings;
        let mailer = Mailer::new(server)?;
        let links = Links::open(&tools.db, &*tools.clock, &tools.ids).await?;
        let begin = outbox::begin(&tools.db, tools.registry.head().await?).await?;
        let posted = Arc::new(Notify::new());
        let (db, clock) = (&tools.db, &tools.clock);
        let reader = Reader {
            db: db.clone(),
            commands: commands.clone(),
            clock: Arc::clone(clock),
            begin,
            staff_letters,
            posted: Arc::clone(&posted),
        };
        let composer = Composer { db: db.clone(), commands: commands.clone(), links, base_url };
        let sender =
            Sender { db: db.clone(), clock: Arc::clone(clock), composer, mailer, posted, failures: 0 };
        Ok(Self { follower: Follower::new(tools.clone(), reader), sender })
    }

    /// Runs both until cancelled.
    pub(crate) fn spawn(mut self, tracker: &TaskTracker, cancel: CancellationToken) {
        tracker.spawn(self.sender.run(cancel.clone()));
        tracker.spawn(async move {
            cancel.run_until_cancelled(self.follower.run()).await;
            self.follower.release().await;
        });
    }
}

/// How many letters wait.
pub(crate) async fn waiting(db: &Db) -> Result<u64, StoreError> {
    outbox::waiting(db).await
}

/// Forgets where mail went before addresses were changed, once nobody is told there any more.
pub(crate) async fn forget_former_addresses(db: &Db, clock: &dyn Clock) -> Result<u64, StoreError> {
    let mut tx = db.begin().await?;
    let forgotten = vault::forget_former_emails(&mut tx, clock.now() - LETTER_AGE_MAX).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The settings can never work.
    #[error(transparent)]
    Mail(#[from] MailFault),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
