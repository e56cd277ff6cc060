//! The configuration: a TOML file, overridden by environment and flags (both read by clap), checked once at the edge.

mod documents;
mod ldap;
mod mail;
mod oidc;
mod security;

pub use documents::DocumentsConfig;
pub use ldap::LdapTable;
pub use mail::MailConfig;
pub use oidc::{OidcTable, PROVIDERS_MAX};

use crate::args::SettingsArgs;
use anyhow::{Context, bail};
use cairn_api::graphql::SocketLimits;
use cairn_domain::package::{PackageLimits, Profile};
use cairn_domain::qgis_version::FeedVersion;
use cairn_outside::http::Allowed;
use cairn_outside::identity::{IssuerKind, TrustedIssuer};
use mail::{MailGiven, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Everything that can be set, with every default filled in.
#[derive(Clone)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Folder for what is embedded.
    pub data_dir: PathBuf,
    /// Where the log and the read models are.
    pub database_url: String,
    /// How clients reach us.
    pub base_url: Url,
    /// Where packages are.
    pub packages: String,
    /// Options for S3, by object_store's names.
    pub s3: Vec<(String, String)>,
    /// Rules for uploads.
    pub profile: Profile,
    /// Limits on uploads.
    pub package_limits: PackageLimits,
    /// The beat of download and vote numbers in feeds.
    pub feed_counts_every: Duration,
    /// GeoIP file.
    pub geoip_file: Option<PathBuf>,
    /// SHA-1 digests of passwords that leaked elsewhere, sorted, one in a line.
    pub leaked_passwords_file: Option<PathBuf>,
    /// What `qgis=ltr`, `stable` and `latest` mean.
    pub qgis_labels: BTreeMap<String, FeedVersion>,
    /// A proxy stands in front and sets `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Authors' addresses go into feeds.
    pub feed_author_email: bool,
    /// Whom to tell of a weakness of this site.
    pub security_contact: Option<Url>,
    /// Which GraphQL documents are answered.
    pub documents: DocumentsConfig,
    /// Limits on WebSockets; not in the file, as nobody needs others but tests that cannot wait.
    pub sockets: SocketLimits,
    /// Hosts and networks that this program may ask over HTTP although they are not public.
    pub outgoing_allowed: Vec<Allowed>,
    /// Authorities whose certificates are believed besides those that browsers believe.
    pub outgoing_ca_file: Option<PathBuf>,
    /// For whom identity tokens of CI services must be made.
    pub publish_audience: String,
    /// CI services whose identity tokens are believed.
    pub publish_issuers: Vec<TrustedIssuer>,
    /// Public key (PEM) of whoever reports lists of leaked tokens.
    pub leak_report_key: Option<PathBuf>,
    /// How letters are sent, if they are.
    pub mail: Option<MailConfig>,
    /// The list of QGIS versions to follow, if one is.
    pub qgis_versions_url: Option<Url>,
    /// How often it is fetched.
    pub qgis_versions_every: Duration,
    /// The directory that knows people, if one does.
    pub ldap: Option<LdapTable>,
    /// Identity providers, in the order of their buttons.
    pub oidc: Vec<OidcTable>,
    /// What to log.
    pub log: String,
    /// Log as JSON lines.
    pub log_json: bool,
}

/// The file. Names of the present site's settings are understood for what they mean here.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    listen: Option<SocketAddr>,
    data_dir: Option<PathBuf>,
    database_url: Option<String>,
    base_url: Option<Url>,
    #[serde(alias = "plugins_storage_path")]
    packages: Option<String>,
    profile: Option<String>,
    #[serde(alias = "plugin_max_upload_size")]
    max_upload_bytes: Option<usize>,
    #[serde(alias = "plugin_required_metadata")]
    required_keys: Option<Vec<String>>,
    license_names: Option<Vec<String>>,
    forbidden_components: Option<Vec<String>>,
    forbidden_extensions: Option<Vec<String>>,
    placeholder_links: Option<Vec<String>>,
    feed_counts_secs: Option<u64>,
    geoip_file: Option<PathBuf>,
    leaked_passwords_file: Option<PathBuf>,
    qgis_ltr: Option<String>,
    qgis_latest: Option<String>,
    behind_proxy: Option<bool>,
    feed_author_email: Option<bool>,
    security_contact: Option<String>,
    graphql_documents: Option<String>,
    graphql_documents_dir: Option<PathBuf>,
    outgoing_allowed: Option<Vec<String>>,
    outgoing_ca_file: Option<PathBuf>,
    publish_audience: Option<String>,
    publish_issuers: Option<Vec<TrustedIssuer>>,
    leak_report_key: Option<PathBuf>,
    smtp_url: Option<Url>,
    smtp_username: Option<String>,
    smtp_password: Option<String>,
    smtp_starttls: Option<bool>,
    smtp_allow_plaintext: Option<bool>,
    smtp_ca_file: Option<PathBuf>,
    #[serde(alias = "default_from_email")]
    mail_from_address: Option<String>,
    mail_staff: Option<bool>,
    qgis_versions_url: Option<Url>,
    qgis_versions_secs: Option<u64>,
    ldap: Option<LdapTable>,
    oidc: Option<Vec<OidcTable>>,
    log: Option<String>,
    log_json: Option<bool>,
    s3_endpoint: Option<String>,
    s3_region: Option<String>,
    s3_access_key_id: Option<String>,
    s3_secret_access_key: Option<String>,
}

impl Config {
    /// Flags and environment over the file over the defaults.
    pub fn load(args: &SettingsArgs) -> anyhow::Result<Self> {
        let file = match &args.config {
            None => FileSettings::default(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("in {}", path.display()))?
            }
        };
        Self::merge(args.clone(), file)
    }

    #[expect(clippy::too_many_lines, reason = "one line for each setting")]
    fn merge(args: SettingsArgs, file: FileSettings) -> anyhow::Result<Self> {
        let listen = args.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8000)));
        let data_dir = args.data_dir.or(file.data_dir).unwrap_or_else(|| PathBuf::from("data"));
        let in_data = |name: &str| data_dir.join(name).display().to_string();
        let base_url = match args.base_url.or(file.base_url) {
            Some(url) => url,
            None => {
                format!("http://{}", reachable(listen)).parse().context("making an address of `listen`")?
            }
        };
        if !matches!(base_url.scheme(), "http" | "https") || base_url.host().is_none() {
            bail!("base_url: {base_url} is not an http or https address");
        }
        let mut profile = match args.profile.or(file.profile).as_deref() {
            None | Some("official") => Profile::official(),
            Some("minimal") => Profile::minimal(),
            Some(other) => bail!("profile: there is no profile {other:?}; there are official and minimal"),
        };
        set(&mut profile.required_keys, file.required_keys);
        set(&mut profile.license_names, file.license_names);
        set(&mut profile.forbidden_components, file.forbidden_components);
        set(&mut profile.forbidden_extensions, file.forbidden_extensions);
        set(&mut profile.placeholder_links, file.placeholder_links);
        let mut package_limits = PackageLimits::default();
        set(&mut package_limits.size_bytes_max, args.max_upload_bytes.or(file.max_upload_bytes));
        let ltr = args.qgis_ltr.or(file.qgis_ltr).unwrap_or_else(|| "3.40".into());
        let latest = args.qgis_latest.or(file.qgis_latest).unwrap_or_else(|| "3.44".into());
        let mut qgis_labels = BTreeMap::new();
        for (label, version) in [("ltr", &ltr), ("stable", &ltr), ("latest", &latest)] {
            let version: FeedVersion =
                version.parse().with_context(|| format!("the QGIS version of {label}"))?;
            qgis_labels.insert(label.to_owned(), version);
        }
        let publish_audience = match args.publish_audience.or(file.publish_audience) {
            Some(audience) => audience,
            None => base_url.host_str().context("base_url has no host")?.to_owned(),
        };
        let outgoing_allowed = file.outgoing_allowed.unwrap_or_default();
        let outgoing_allowed: Result<Vec<Allowed>, _> =
            outgoing_allowed.iter().map(|allowed| allowed.parse()).collect();
        let s3 = [
            ("endpoint", args.s3_endpoint.or(file.s3_endpoint)),
            ("region", args.s3_region.or(file.s3_region)),
            ("access_key_id", args.s3_access_key_id.or(file.s3_access_key_id)),
            ("secret_access_key", args.s3_secret_access_key.or(file.s3_secret_access_key)),
        ];
        let mut s3: Vec<(String, String)> =
            s3.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        if s3.iter().any(|(name, value)| name == "endpoint" && value.starts_with("http://")) {
            s3.push(("allow_http".into(), "true".into()));
        }
        let mail = MailGiven {
            smtp_url: args.smtp_url.or(file.smtp_url),
            smtp_username: args.smtp_username.or(file.smtp_username),
            smtp_password: args.smtp_password.or(file.smtp_password).map(Secret),
            smtp_starttls: file.smtp_starttls,
            smtp_allow_plaintext: file.smtp_allow_plaintext,
            smtp_ca_file: args.smtp_ca_file.or(file.smtp_ca_file),
            mail_from_address: args.mail_from_address.or(file.mail_from_address),
            mail_staff: file.mail_staff,
        };
        let qgis_versions_secs = file.qgis_versions_secs.unwrap_or(QGIS_VERSIONS_SECS);
        if qgis_versions_secs < QGIS_VERSIONS_SECS_MIN {
            bail!(
                "qgis_versions_secs: {qgis_versions_secs} is less than {QGIS_VERSIONS_SECS_MIN}, which no server likes"
            );
        }
        let bind_password = args.ldap_bind_password;
        let ldap = file.ldap.map(|table| table.checked(bind_password)).transpose()?;
        let oidc = oidc::checked(file.oidc.unwrap_or_default(), &args.oidc_client_secret)?;
        Ok(Self {
            listen,
            mail: mail.checked()?,
            qgis_versions_url: args.qgis_versions_url.or(file.qgis_versions_url),
            qgis_versions_every: Duration::from_secs(qgis_versions_secs),
            ldap,
            oidc,
            database_url: args
                .database_url
                .or(file.database_url)
                .unwrap_or_else(|| format!("sqlite://{}", in_data("cairn.db"))),
            base_url,
            packages: args.packages.or(file.packages).unwrap_or_else(|| in_data("packages")),
            s3,
            profile,
            package_limits,
            feed_counts_every: Duration::from_secs(
                args.feed_counts_secs.or(file.feed_counts_secs).unwrap_or(600),
            ),
            geoip_file: args.geoip_file.or(file.geoip_file),
            leaked_passwords_file: args.leaked_passwords_file.or(file.leaked_passwords_file),
            qgis_labels,
            behind_proxy: args.behind_proxy.or(file.behind_proxy).unwrap_or(false),
            feed_author_email: args.feed_author_email.or(file.feed_author_email).unwrap_or(false),
            security_contact: security::checked(file.security_contact.as_deref())?,
            sockets: SocketLimits::default(),
            documents: DocumentsConfig::checked(
                args.graphql_documents.or(file.graphql_documents).as_deref(),
                args.graphql_documents_dir.or(file.graphql_documents_dir),
            )?,
            outgoing_allowed: outgoing_allowed.context("in `outgoing_allowed`")?,
            outgoing_ca_file: file.outgoing_ca_file,
            publish_audience,
            publish_issuers: file.publish_issuers.unwrap_or_else(known_issuers),
            leak_report_key: args.leak_report_key.or(file.leak_report_key),
            log: args.log.or(file.log).unwrap_or_else(|| "info".into()),
            log_json: args.log_json.or(file.log_json).unwrap_or(false),
            data_dir,
        })
    }
}

/// The public services that most plugins are built on.
fn known_issuers() -> Vec<TrustedIssuer> {
    let github = "https://token.actions.githubusercontent.com".to_owned();
    vec![
        TrustedIssuer { issuer: github, kind: IssuerKind::GitHub },
        TrustedIssuer { issuer: "https://gitlab.com".to_owned(), kind: IssuerKind::GitLab },
    ]
}

/// How often the list of QGIS versions is fetched, in seconds: as often as the present site does.
const QGIS_VERSIONS_SECS: u64 = 30 * 60;

/// The least time between two fetches, in seconds.
const QGIS_VERSIONS_SECS_MIN: u64 = 60;

/// What stands for a secret wherever the configuration is shown.
const HIDDEN: &str = "(hidden)";

/// The longest name of a directory or provider.
const NAME_CHARS_MAX: usize = 32;

/// Names of directories and providers stand in addresses and in the vault.
fn check_name(name: &str) -> anyhow::Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > NAME_CHARS_MAX || !name.chars().all(plain) {
        bail!("name: {name:?} is not 1 to {NAME_CHARS_MAX} lower-case letters, digits and '-'");
    }
    Ok(())
}

/// Tables come after all single settings, as TOML wants it.
#[derive(Serialize)]
struct Tables {
    #[serde(skip_serializing_if = "Option::is_none")]
    ldap: Option<LdapTable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    oidc: Vec<OidcTable>,
}

fn set<T>(default: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *default = given;
    }
}

/// Where a client on this machine finds a server that listens on `listen`.
fn reachable(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], listen.port())) } else { listen }
}

/// As it is shown to people: with secrets hidden.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Config").field(&self.to_string()).finish()
    }
}

/// The configuration in force as a TOML file, secrets hidden.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &dyn fmt::Display| toml::Value::String(value.to_string()).to_string();
        let texts = |list: &[String]| toml::Value::from(list.to_vec()).to_string();
        writeln!(f, "listen = {}", text(&self.listen))?;
        writeln!(f, "data_dir = {}", text(&self.data_dir.display()))?;
        writeln!(f, "database_url = {}", text(&without_password(&self.database_url)))?;
        writeln!(f, "base_url = {}", text(&self.base_url))?;
        writeln!(f, "packages = {}", text(&self.packages))?;
        for (name, value) in self.s3.iter().filter(|(name, _)| name != "allow_http") {
            let shown = if name.contains("key") { "(hidden)" } else { value };
            writeln!(f, "s3_{name} = {}", text(&shown))?;
        }
        writeln!(f, "max_upload_bytes = {}", self.package_limits.size_bytes_max)?;
        writeln!(f, "required_keys = {}", texts(&self.profile.required_keys))?;
        writeln!(f, "license_names = {}", texts(&self.profile.license_names))?;
        writeln!(f, "forbidden_components = {}", texts(&self.profile.forbidden_components))?;
        writeln!(f, "forbidden_extensions = {}", texts(&self.profile.forbidden_extensions))?;
        writeln!(f, "placeholder_links = {}", texts(&self.profile.placeholder_links))?;
        writeln!(f, "feed_counts_secs = {}", self.feed_counts_every.as_secs())?;
        if let Some(path) = &self.geoip_file {
            writeln!(f, "geoip_file = {}", text(&path.display()))?;
        }
        if let Some(path) = &self.leaked_passwords_file {
            writeln!(f, "leaked_passwords_file = {}", text(&path.display()))?;
        }
        for (name, label) in [("qgis_ltr", "ltr"), ("qgis_latest", "latest")] {
            let version = self.qgis_labels.get(label).expect("merge fills in every label");
            let (major, minor, _) = version.lowest();
            writeln!(f, "{name} = \"{major}.{minor}\"")?;
        }
        writeln!(f, "behind_proxy = {}", self.behind_proxy)?;
        writeln!(f, "feed_author_email = {}", self.feed_author_email)?;
        if let Some(contact) = &self.security_contact {
            writeln!(f, "security_contact = {}", text(contact))?;
        }
        write!(f, "{}", self.documents)?;
        let allowed: Vec<String> = self.outgoing_allowed.iter().map(ToString::to_string).collect();
        writeln!(f, "outgoing_allowed = {}", texts(&allowed))?;
        if let Some(path) = &self.outgoing_ca_file {
            writeln!(f, "outgoing_ca_file = {}", text(&path.display()))?;
        }
        writeln!(f, "publish_audience = {}", text(&self.publish_audience))?;
        let issuers = toml::Value::try_from(&self.publish_issuers).map_err(|_| fmt::Error)?;
        writeln!(f, "publish_issuers = {issuers}")?;
        if let Some(path) = &self.leak_report_key {
            writeln!(f, "leak_report_key = {}", text(&path.display()))?;
        }
        if let Some(mail) = &self.mail {
            write!(f, "{mail}")?;
        }
        if let Some(url) = &self.qgis_versions_url {
            writeln!(f, "qgis_versions_url = {}", text(url))?;
            writeln!(f, "qgis_versions_secs = {}", self.qgis_versions_every.as_secs())?;
        }
        writeln!(f, "log = {}", text(&self.log))?;
        write!(f, "log_json = {}", self.log_json)?;
        let ldap = self.ldap.as_ref().map(LdapTable::shown);
        let tables = Tables { ldap, oidc: self.oidc.iter().map(OidcTable::shown).collect() };
        let tables = toml::to_string(&tables).map_err(|_| fmt::Error)?;
        if tables.is_empty() { Ok(()) } else { write!(f, "\n\n{}", tables.trim_end()) }
    }
}

fn without_password(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            let _ = parsed.set_password(Some("hidden"));
            parsed.to_string()
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn of(text: &str) -> anyhow::Result<Config> {
        Config::merge(SettingsArgs::default(), toml::from_str(text)?)
    }

    #[test]
    fn without_anything_it_serves_the_data_folder_on_this_machine() {
        let config = of("").unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8000");
        assert_eq!(config.database_url, "sqlite://data/cairn.db");
        assert_eq!(config.base_url.as_str(), "http://127.0.0.1:8000/");
        assert_eq!(config.package_limits.size_bytes_max, 25_000_000);
    }

    #[test]
    fn flags_win_over_the_file() {
        let file: FileSettings = toml::from_str("listen = '127.0.0.1:1'\nfeed_counts_secs = 1").unwrap();
        let args = SettingsArgs { listen: Some("127.0.0.1:2".parse().unwrap()), ..SettingsArgs::default() };
        let config = Config::merge(args, file).unwrap();
        assert_eq!((config.listen.port(), config.feed_counts_every.as_secs()), (2, 1));
    }

    #[test]
    fn the_present_sites_names_keep_their_meaning() {
        let config =
            of("plugins_storage_path = 'p'\nplugin_max_upload_size = 7\nplugin_required_metadata = ['name']");
        let config = config.unwrap();
        assert_eq!((config.packages.as_str(), config.package_limits.size_bytes_max), ("p", 7));
        assert_eq!(config.profile.required_keys, ["name"]);
    }

    #[test]
    fn ci_services_are_those_that_most_plugins_are_built_on_and_any_others() {
        let config = of("base_url = 'https://plugins.example.org/'").unwrap();
        assert_eq!(config.publish_audience, "plugins.example.org");
        assert_eq!(config.publish_issuers.len(), 2);
        let config =
            of("publish_issuers = [{ issuer = 'https://git.example.org', kind = 'gitlab' }]").unwrap();
        assert_eq!(config.publish_issuers[0].kind, IssuerKind::GitLab);
        assert_eq!(of(&config.to_string()).unwrap().publish_issuers, config.publish_issuers);
    }

    #[test]
    fn mistakes_are_named() {
        let told = |text: &str| format!("{:#}", of(text).unwrap_err());
        assert!(told("lisen = 'x'").contains("lisen"));
        assert!(told("profile = 'lax'").contains("there are official and minimal"));
        assert!(told("qgis_ltr = 'new'").contains("ltr"));
        assert!(told("base_url = 'ftp://x'").contains("not an http"));
        assert!(told("outgoing_allowed = ['10.0.0.0/99']").contains("outgoing_allowed"));
        assert!(told("publish_issuers = [{ issuer = 'https://x', kind = 'jenkins' }]").contains("jenkins"));
    }

    #[test]
    fn what_is_shown_can_be_read_again_and_hides_secrets() {
        let elsewhere = "s3_secret_access_key = 'sesame'\ns3_region = 'here'\nsecurity_contact = 'mailto:a@example.org'\n\
            [ldap]\nurl = 'ldaps://ldap.example.org'\nuser_base = 'dc=org'\nuser_filter = '(uid={name})'\n\
            bind_dn = 'cn=cairn'\nbind_password = 'sesame'\nstaff_groups = ['cn=staff']\n\
            [[oidc]]\nname = 'one'\nissuer = 'https://one.example.org'\nclient_id = 'a'\nclient_secret = 'sesame'\n\
            [[oidc]]\nname = 'two'\nissuer = 'https://two.example.org'\nclient_id = 'b'\n";
        let mut config = of(elsewhere).unwrap();
        config.database_url = "postgres://cairn:sesame@db/cairn".into();
        let shown = config.to_string();
        assert!(!shown.contains("sesame"), "{shown}");
        let again = of(&shown).unwrap();
        assert_eq!(again.oidc.len(), 2, "{shown}");
        assert_eq!(again.security_contact.unwrap().as_str(), "mailto:a@example.org");
        assert_eq!(again.ldap.unwrap().staff_groups, ["cn=staff"]);
        assert!(
            !format!("{config:?}").contains("sesame") && !format!("{:?}", config.oidc).contains("sesame")
        );
    }
}
