//! The parts of the program put together, for a server and for a single command alike.

use crate::config::Config;
use anyhow::Context;
use cairn_api::access_token::AccessTokens;
use cairn_api::app::{Background, Parts, RequestLimits, SecurityContact, Settings};
use cairn_api::country::Countries;
use cairn_api::publishing::{Publishing, ReportKey};
use cairn_api::qgis_labels::QgisLabels;
use cairn_api::voter::VoterKeys;
use cairn_api::{App, graphql};
use cairn_commands::secret::LeakedPasswords;
use cairn_commands::sign_in::Passwords;
use cairn_commands::{Commands, Factors, Intake, Links, SignIn};
use cairn_domain::download::{self, Download};
use cairn_domain::ids::AccountId;
use cairn_domain::names::fold;
use cairn_domain::{Actor, Refusal};
use cairn_outside::http::{Outgoing, OutgoingSettings};
use cairn_projections::Projections;
use cairn_projections::feed::{FeedSettings, Feeds};
use cairn_reactors::{QgisVersions, Reactors};
use cairn_store::{
    AppenderLimits, Blobs, Clock, Db, DownloadAppender, Downloads, EncodedBatch, Ids, Registry, SystemClock,
    vault,
};
use chrono::DateTime;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Database, logs, both sides, and the tasks that run beside them.
#[derive(Debug)]
pub struct House {
    /// The configuration in force.
    pub config: Config,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<Ids>,
    /// The database.
    pub db: Db,
    /// Packages and icons.
    pub blobs: Blobs,
    /// The write side.
    pub commands: Commands,
    /// The downloads log.
    pub downloads: Downloads,
    /// The read side.
    pub projections: Projections,
    tracker: TaskTracker,
    cancel: CancellationToken,
}

impl House {
    /// Opens everything that the configuration names. No task runs yet.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        Self::open_with(config, Arc::new(SystemClock)).await
    }

    /// [`House::open`] with another clock.
    pub async fn open_with(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let db = Db::open(&config.database_url).await.context("opening the database")?;
        let blobs = Blobs::open(&config.packages, &config.s3).context("opening the package store")?;
        let ids = Arc::new(Ids::random());
        let registry = Registry::new(db.clone(), Arc::clone(&clock));
        let downloads = Downloads::new(db.clone(), Arc::clone(&clock));
        let commands = Commands::new(registry.clone(), Arc::clone(&ids));
        let projections =
            Projections::new(registry, downloads.clone(), Arc::clone(&clock), Arc::clone(&ids)).await?;
        Ok(Self {
            config,
            clock,
            ids,
            db,
            blobs,
            commands,
            downloads,
            projections,
            tracker: TaskTracker::new(),
            cancel: CancellationToken::new(),
        })
    }

    /// The slow half of uploads.
    pub fn intake(&self) -> Intake {
        let (profile, limits) = (self.config.profile.clone(), self.config.package_limits.clone());
        Intake::new(self.commands.clone(), self.blobs.clone(), Arc::clone(&self.clock), profile, limits)
    }

    /// Starts the tasks that follow the logs and, unless somebody else does, those that build the read models.
    pub fn start_workers(&self) {
        self.follow();
        self.projections.spawn_workers(&self.tracker, self.cancel.clone());
    }

    /// Starts what is done without being asked: letters, schedules. Any number of processes may; what is done, one of them does.
    pub async fn start_reactors(&self) -> anyhow::Result<()> {
        let mail = self.config.mail.as_ref().map(|mail| mail.settings(&self.config.base_url));
        let intake = Some(self.intake());
        let settings = cairn_reactors::Settings { mail, qgis_versions: self.qgis_versions()?, intake };
        let reactors = self.reactors().start(settings, &self.tracker, &self.cancel).await;
        reactors.context("setting up mail")
    }

    /// What is done without being asked, not started.
    pub fn reactors(&self) -> Reactors {
        Reactors::new(self.commands.clone(), Arc::clone(&self.clock), Arc::clone(&self.ids))
    }

    /// The list of QGIS versions to follow, if there is one.
    pub fn qgis_versions(&self) -> anyhow::Result<Option<QgisVersions>> {
        let Some(url) = &self.config.qgis_versions_url else { return Ok(None) };
        let (url, every) = (url.to_string(), self.config.qgis_versions_every);
        Ok(Some(QgisVersions { url, every, outgoing: self.outgoing()? }))
    }

    /// The client for requests to other servers.
    pub fn outgoing(&self) -> anyhow::Result<Outgoing> {
        let outgoing = Outgoing::new(OutgoingSettings {
            allowed: self.config.outgoing_allowed.clone(),
            ca_file: self.config.outgoing_ca_file.clone(),
            ..OutgoingSettings::default()
        });
        outgoing.context("setting up requests to other servers")
    }

    /// Starts the tasks that tell of what other processes append.
    pub fn follow(&self) {
        self.commands.registry().follow(&self.tracker, self.cancel.clone());
        self.downloads.follow(&self.tracker, self.cancel.clone());
    }

    /// The application behind HTTP; starts the appender of downloads and the follower of feeds.
    pub async fn app(&self, metrics: PrometheusHandle) -> anyhow::Result<App> {
        let config = &self.config;
        let leaked = config
            .leaked_passwords_file
            .as_ref()
            .map(|path| LeakedPasswords::open(path).with_context(|| format!("reading {}", path.display())));
        let passwords = Passwords::new(Arc::clone(&self.ids), leaked.transpose()?);
        let factors = Factors::new(self.commands.clone(), Arc::clone(&self.clock), &config.base_url);
        let sign_in = SignIn::new(self.commands.clone(), Arc::clone(&self.clock), passwords, factors.clone());
        let sign_in = match self.directory()? {
            Some(directory) => sign_in.with_directory(directory),
            None => sign_in,
        };
        let links = Links::open(&self.db, &*self.clock, &self.ids).await?;
        let factors = Factors::new(self.commands.clone(), Arc::clone(&self.clock), &self.config.base_url);
        let access_tokens =
            AccessTokens::open(&self.db, Arc::clone(&self.clock), Arc::clone(&self.ids)).await?;
        let feed_settings = FeedSettings {
            base_url: config.base_url.as_str().trim_end_matches('/').to_owned(),
            counts_every: config.feed_counts_every,
            author_email: config.feed_author_email,
        };
        let feeds =
            Feeds::start(&self.projections, feed_settings, &self.tracker, self.cancel.clone()).await?;
        let countries = match &config.geoip_file {
            Some(path) => Countries::open(path).with_context(|| format!("reading {}", path.display()))?,
            None => Countries::unknown(),
        };
        let downloads = DownloadAppender::spawn(
            self.downloads.clone(),
            Ids::random(),
            encode,
            &self.tracker,
            self.cancel.clone(),
            AppenderLimits::default(),
        );
        let limits = RequestLimits {
            package_bytes_max: config.package_limits.size_bytes_max,
            sockets: config.sockets,
            ..RequestLimits::default()
        };
        let settings = Settings {
            base_url: config.base_url.clone(),
            qgis_labels: self.qgis_labels().await?,
            behind_proxy: config.behind_proxy,
            limits,
            lag_max: Duration::from_secs(30),
            sends_mail: config.mail.is_some(),
            security: config
                .security_contact
                .clone()
                .map(|contact| SecurityContact::said_at(contact, self.clock.now())),
        };
        let leak_report_key = config.leak_report_key.as_ref().map(|path| {
            let pem = std::fs::read_to_string(path).map_err(anyhow::Error::from);
            pem.and_then(|pem| Ok(ReportKey::read(&pem)?))
                .with_context(|| format!("reading {}", path.display()))
        });
        let publishing = Publishing::new(
            self.outgoing()?,
            config.publish_issuers.clone(),
            config.publish_audience.clone(),
            leak_report_key.transpose()?,
        );
        Ok(App::new(Parts {
            commands: self.commands.clone(),
            intake: self.intake(),
            sign_in,
            providers: self.providers().await?,
            factors,
            links,
            access_tokens,
            publishing,
            projections: self.projections.clone(),
            feeds,
            blobs: self.blobs.clone(),
            downloads,
            clock: Arc::clone(&self.clock),
            schema: graphql::schema(),
            documents: self.documents()?,
            sockets: graphql::Sockets::default(),
            background: Background { tracker: self.tracker.clone(), cancel: self.cancel.clone() },
            countries: Arc::new(countries),
            voters: Arc::new(VoterKeys::new(Arc::clone(&self.ids))),
            metrics,
            settings: Arc::new(settings),
        }))
    }

    /// The documents that are known: the pages' own and the operator's.
    fn documents(&self) -> anyhow::Result<graphql::Documents> {
        let config = &self.config.documents;
        let own = cairn_web::DOCUMENTS.iter().map(|document| document.text.to_owned());
        Ok(graphql::Documents::new(own.chain(config.texts()?), config.only_known))
    }

    async fn qgis_labels(&self) -> anyhow::Result<QgisLabels> {
        let (registry, configured) = (self.commands.registry(), self.config.qgis_labels.clone());
        Ok(QgisLabels::follow(registry, configured, &self.tracker, self.cancel.clone()).await?)
    }

    /// The account of this name, to act as.
    pub async fn account(&self, name: &str) -> anyhow::Result<AccountId> {
        let mut conn = self.db.read().await?;
        let person = vault::person_by_name(&mut conn, &fold(name)).await?;
        let person = person.ok_or_else(|| Refusal::AccountUnknown { account: name.to_owned() })?;
        Ok(AccountId(person.account_id))
    }

    /// The actor that an account of this name is.
    pub async fn actor(&self, name: &str) -> anyhow::Result<Actor> {
        Ok(Actor::Account { account: self.account(name).await? })
    }

    /// Runs a task that [`House::close`] waits for.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// When this fires, tasks end.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Ends the tasks, waits for them (what was taken is written), and closes the database.
    pub async fn close(self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        self.db.close().await;
    }
}

/// One row of the downloads log.
fn encode(items: &[Download]) -> EncodedBatch {
    let times = || items.iter().filter_map(|item| DateTime::from_timestamp_millis(item.at_ms));
    EncodedBatch {
        first_at: times().next().unwrap_or_default(),
        last_at: times().next_back().unwrap_or_default(),
        format: u16::try_from(download::FORMAT).expect("the format is a small number"),
        body: download::encode(items),
    }
}
