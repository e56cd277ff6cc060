//! What every handler works with: the write side, the read side, and the settings of this door.

use crate::access_token::AccessTokens;
use crate::country::Countries;
use crate::graphql::{Documents, Schema, SocketLimits, Sockets};
use crate::oidc::Providers;
use crate::publishing::Publishing;
use crate::qgis_labels::QgisLabels;
use crate::voter::VoterKeys;
use cairn_commands::{Commands, Factors, Intake, Links, SignIn};
use cairn_domain::download::Download;
use cairn_projections::Projections;
use cairn_projections::feed::Feeds;
use cairn_store::{Blobs, Clock, DownloadAppender};
use chrono::{DateTime, TimeDelta, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// The application, as every handler gets it. Clones share its parts: several layers take a clone for each request, so it is
/// one counter and not one for each part.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

/// The parts of the application.
pub struct Parts {
    /// The write side.
    pub commands: Commands,
    /// Uploads, before they are a command.
    pub intake: Intake,
    /// Names and passwords.
    pub sign_in: SignIn,
    /// Identity providers.
    pub providers: Providers,
    /// Links that are mailed.
    pub links: Links,
    /// Second factors.
    pub factors: Factors,
    /// Short tokens for accounts.
    pub access_tokens: AccessTokens,
    /// CI services whose word is believed, and who reports leaked tokens.
    pub publishing: Publishing,
    /// The read side.
    pub projections: Projections,
    /// All feeds, in memory.
    pub feeds: Feeds,
    /// Packages and icons.
    pub blobs: Blobs,
    /// Where downloads are counted.
    pub downloads: DownloadAppender<Download>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The GraphQL schema with its limits.
    pub schema: Schema,
    /// The GraphQL documents that are known, and whether others are answered.
    pub documents: Documents,
    /// How many WebSockets there are.
    pub sockets: Sockets,
    /// What lasts longer than a request.
    pub background: Background,
    /// Which country an address is in, if a GeoIP file is configured.
    pub countries: Arc<Countries>,
    /// Tells anonymous voters of a day apart.
    pub voters: Arc<VoterKeys>,
    /// The text of `/metrics`.
    pub metrics: PrometheusHandle,
    /// Settings of this door.
    pub settings: Arc<Settings>,
}

/// Connections that stay: the program waits for them when it ends, after it has told them to.
#[derive(Debug, Clone, Default)]
pub struct Background {
    /// What is waited for.
    pub tracker: TaskTracker,
    /// When this fires, they end.
    pub cancel: CancellationToken,
}

/// Settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How clients reach us, without a final slash: every absolute address begins with it.
    pub base_url: Url,
    /// What `qgis=ltr`, `stable` and `latest` mean.
    pub qgis_labels: QgisLabels,
    /// Behind a proxy that sets `X-Forwarded-For`: believe its last address.
    pub behind_proxy: bool,
    /// Limits on requests.
    pub limits: RequestLimits,
    /// `/readyz` fails when a projection is further behind than this.
    pub lag_max: Duration,
    /// Mail is sent; where it is not, pages say so beside what would need it.
    pub sends_mail: bool,
    /// Whom to tell of a weakness of this site, if the operator says.
    pub security: Option<SecurityContact>,
}

/// Whom to tell of a weakness of this site, and how long that may be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityContact {
    /// An address of mail, of a page, or of a telephone.
    pub contact: Url,
    /// From then on it is stale.
    pub expires: DateTime<Utc>,
}

impl SecurityContact {
    /// A server that nobody has started again for a year may be one that nobody looks after.
    pub fn said_at(contact: Url, now: DateTime<Utc>) -> Self {
        Self { contact, expires: now + TimeDelta::days(365) }
    }
}

/// Limits on what comes in, each tested at its edge and one past it.
#[derive(Debug, Clone, Copy)]
pub struct RequestLimits {
    /// Bytes of any body but an upload's: the largest honest GraphQL document is far smaller.
    pub body_bytes_max: usize,
    /// Bytes of a package; what its coding adds (multipart frames, base64) is allowed on top.
    pub package_bytes_max: usize,
    /// How long a read waits for the position it demands.
    pub wait_max: Duration,
    /// How long a download waits for being counted before the file is sent anyway.
    pub count_wait_max: Duration,
    /// WebSockets.
    pub sockets: SocketLimits,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 256 * 1024,
            package_bytes_max: 25_000_000,
            wait_max: Duration::from_secs(2),
            count_wait_max: Duration::from_millis(500),
            sockets: SocketLimits::default(),
        }
    }
}

impl RequestLimits {
    /// The largest body of an upload as multipart: the package and room for the other fields.
    pub fn multipart_bytes_max(&self) -> usize {
        self.package_bytes_max + 64 * 1024
    }

    /// The largest body of an upload in base64 with line breaks, and its frame.
    pub fn rpc_bytes_max(&self) -> usize {
        self.package_bytes_max / 3 * 4 + self.package_bytes_max / 50 + 64 * 1024
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Settings {
    /// An absolute address below the base.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.as_str().trim_end_matches('/'))
    }
}
