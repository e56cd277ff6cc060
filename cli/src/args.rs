//! The command line. The help texts are kept in `docs/cli.md` by a test.

mod factor;
mod owner;
mod plugin;
mod site;
mod token;
mod user;

pub use factor::FactorDeed;
pub use owner::{
    InvitationArgs, OwnerArgs, OwnerDeed, OwnerReasonArgs, TeamArgs, TeamDeed, TeamMemberArgs, TeamOwnerArgs,
};
pub use plugin::{
    ChannelArg, PluginArgs, PluginDeed, PluginDeprecateArgs, PluginEditArgs, PluginReasonArgs,
    PluginReviveArgs, VersionArgs, VersionDeed, VersionReasonArgs, VersionRefuseArgs,
};
pub use site::{SiteDeed, UndoArgs};
pub use token::{KeysDeed, PublisherDeed, PublisherNameArgs, TokenCreateArgs, TokenDeed, TokenListArgs};
pub use user::{
    IdentityDeed, IdentityLinkArgs, UserAddArgs, UserBlockArgs, UserDeed, UserNameArgs, UserReasonArgs,
    UserRoleArgs,
};

use clap::{Args as ClapArgs, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// A plugin repository for QGIS in one binary.
#[derive(Debug, Parser)]
#[command(
    name = "cairn",
    version,
    about = "A plugin repository for QGIS in one binary",
    long_about = "A plugin repository for QGIS in one binary.\n\n\
        Without a subcommand it serves: http://127.0.0.1:8000, data in ./data. Every upload, approval, ownership change, \
        trust decision and download is an event in an append-only log; everything that people read is built from it.",
    after_long_help = "EXAMPLES\n  \
        cairn                                                  serve, on the embedded database\n  \
        cairn --database-url postgres://cairn@db/cairn serve   serve, on PostgreSQL\n  \
        cairn inspect myplugin.zip                             what an upload would say\n  \
        echo secret123 | cairn user add ann --email ann@example.org --password-stdin\n  \
        cairn token create --user ann --plugin myplugin        a credential for CI"
)]
pub struct Args {
    /// Where things are.
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// What to do.
    #[command(subcommand)]
    pub deed: Option<Deed>,
}

/// Settings that every subcommand takes; each overrides the configuration file.
#[derive(Debug, Default, Clone, ClapArgs)]
#[command(next_help_heading = "Settings")]
pub struct SettingsArgs {
    /// Configuration file (TOML)
    #[arg(long, global = true, env = "CAIRN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8000]
    #[arg(long, global = true, env = "CAIRN_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Folder for the embedded database and the packages [default: ./data]
    #[arg(long, global = true, env = "CAIRN_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// sqlite://FILE or postgres://USER@HOST/NAME [default: sqlite in the data folder]
    #[arg(long, global = true, env = "CAIRN_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// How clients reach this repository; absolute addresses in feeds begin with it [default: http://LISTEN]
    #[arg(long, global = true, env = "CAIRN_BASE_URL", value_name = "URL")]
    pub base_url: Option<Url>,
    /// Folder or s3://BUCKET/PREFIX for packages [default: packages in the data folder]
    #[arg(long, global = true, env = "CAIRN_PACKAGES", value_name = "PLACE")]
    pub packages: Option<String>,
    /// Rules for uploads: official or minimal [default: official]
    #[arg(long, global = true, env = "CAIRN_PROFILE", value_name = "NAME")]
    pub profile: Option<String>,
    /// Largest package, in bytes [default: 25000000]
    #[arg(long, global = true, env = "CAIRN_MAX_UPLOAD_BYTES", value_name = "BYTES")]
    pub max_upload_bytes: Option<usize>,
    /// How often download and vote numbers in feeds are brought up to date, in seconds [default: 600]
    #[arg(long, global = true, env = "CAIRN_FEED_COUNTS_SECS", value_name = "SECONDS")]
    pub feed_counts_secs: Option<u64>,
    /// MaxMind country or city file for download statistics by country
    #[arg(long, global = true, env = "CAIRN_GEOIP_FILE", value_name = "FILE")]
    pub geoip_file: Option<PathBuf>,
    /// SHA-1 digests of passwords that leaked elsewhere, sorted, one in a line; new passwords must not be among them
    #[arg(long, global = true, env = "CAIRN_LEAKED_PASSWORDS_FILE", value_name = "FILE")]
    pub leaked_passwords_file: Option<PathBuf>,
    /// What qgis=ltr and qgis=stable mean in feed addresses [default: 3.40]
    #[arg(long, global = true, env = "CAIRN_QGIS_LTR", value_name = "X.Y")]
    pub qgis_ltr: Option<String>,
    /// What qgis=latest means in feed addresses [default: 3.44]
    #[arg(long, global = true, env = "CAIRN_QGIS_LATEST", value_name = "X.Y")]
    pub qgis_latest: Option<String>,
    /// Believe X-Forwarded-For: a proxy stands in front
    #[arg(long, global = true, env = "CAIRN_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub behind_proxy: Option<bool>,
    /// Put authors' e-mail addresses into feeds
    #[arg(long, global = true, env = "CAIRN_FEED_AUTHOR_EMAIL", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub feed_author_email: Option<bool>,
    /// Which GraphQL documents strangers and authors may send: any, or known ones, which are those of the pages and of the folder
    /// below; staff may send any [default: any]
    #[arg(long, global = true, env = "CAIRN_GRAPHQL_DOCUMENTS", value_name = "WORD")]
    pub graphql_documents: Option<String>,
    /// Folder of .graphql files that are known documents, besides those of the pages
    #[arg(long, global = true, env = "CAIRN_GRAPHQL_DOCUMENTS_DIR", value_name = "FOLDER")]
    pub graphql_documents_dir: Option<PathBuf>,
    /// For whom identity tokens of CI services must be made [default: the host of the base URL]
    #[arg(long, global = true, env = "CAIRN_PUBLISH_AUDIENCE", value_name = "TEXT")]
    pub publish_audience: Option<String>,
    /// Public key (PEM, ECDSA P-256) of whoever reports lists of leaked tokens
    #[arg(long, global = true, env = "CAIRN_LEAK_REPORT_KEY", value_name = "FILE")]
    pub leak_report_key: Option<PathBuf>,
    /// Password of the account that looks for people in the directory; goes before the one in the file
    #[arg(
        long,
        global = true,
        env = "CAIRN_LDAP_BIND_PASSWORD",
        value_name = "TEXT",
        hide_env_values = true
    )]
    pub ldap_bind_password: Option<String>,
    /// NAME=SECRET of an identity provider; several in the environment are on lines of their own
    #[arg(
        long,
        global = true,
        env = "CAIRN_OIDC_CLIENT_SECRET",
        value_name = "NAME=SECRET",
        value_delimiter = '\n',
        hide_env_values = true
    )]
    pub oidc_client_secret: Vec<String>,
    /// Mail server, smtp://HOST or smtps://HOST; nobody gets mail without
    #[arg(long, global = true, env = "CAIRN_SMTP_URL", value_name = "URL")]
    pub smtp_url: Option<Url>,
    /// Name to sign in to the mail server with
    #[arg(long, global = true, env = "CAIRN_SMTP_USERNAME", value_name = "TEXT", hide_env_values = true)]
    pub smtp_username: Option<String>,
    /// Password to sign in to the mail server with
    #[arg(long, global = true, env = "CAIRN_SMTP_PASSWORD", value_name = "TEXT", hide_env_values = true)]
    pub smtp_password: Option<String>,
    /// Authorities (PEM) that are believed when the mail server shows its certificate, beside the built-in ones
    #[arg(long, global = true, env = "CAIRN_SMTP_CA_FILE", value_name = "FILE")]
    pub smtp_ca_file: Option<PathBuf>,
    /// Whom mail is from, such as 'QGIS plugins <noreply@plugins.example.org>'
    #[arg(long, global = true, env = "CAIRN_MAIL_FROM_ADDRESS", value_name = "ADDRESS")]
    pub mail_from_address: Option<String>,
    /// List of QGIS versions to follow, such as https://version.qgis.org/version.json
    #[arg(long, global = true, env = "CAIRN_QGIS_VERSIONS_URL", value_name = "URL")]
    pub qgis_versions_url: Option<Url>,
    /// What to log, such as info or cairn_api=debug,info [default: info]
    #[arg(long, global = true, env = "CAIRN_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Log as JSON lines
    #[arg(long, global = true, env = "CAIRN_LOG_JSON", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub log_json: Option<bool>,
    /// Address of an S3-compatible service
    #[arg(long, global = true, env = "CAIRN_S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<String>,
    /// Region of the bucket
    #[arg(long, global = true, env = "CAIRN_S3_REGION", value_name = "NAME")]
    pub s3_region: Option<String>,
    /// Access key for the bucket
    #[arg(long, global = true, env = "CAIRN_S3_ACCESS_KEY_ID", value_name = "KEY", hide_env_values = true)]
    pub s3_access_key_id: Option<String>,
    /// Secret key for the bucket
    #[arg(
        long,
        global = true,
        env = "CAIRN_S3_SECRET_ACCESS_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    pub s3_secret_access_key: Option<String>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Deed {
    /// Serve the repository over HTTP, with its workers
    #[command(
        after_help = "EXAMPLES\n  cairn serve\n  cairn --listen 0.0.0.0:8000 --base-url https://plugins.example.org serve\n  cairn serve --no-workers      only HTTP; `cairn project` runs elsewhere\n  cairn --data-dir demo serve --demo      200 made-up plugins to look at"
    )]
    Serve(ServeArgs),
    /// Run only the workers that build what people read
    #[command(after_help = "EXAMPLE\n  cairn --database-url postgres://cairn@db/cairn project")]
    Project,
    /// Accounts: add, list, grant, withdraw, block, unblock
    #[command(
        subcommand,
        after_help = "EXAMPLES\n  echo secret123 | cairn user add ann --email ann@example.org --password-stdin\n  cairn user grant ann --trusted\n  cairn user block mallory --reason spam"
    )]
    User(UserDeed),
    /// Who people are elsewhere: ask the directory, list, link, unlink
    #[command(
        subcommand,
        after_help = "EXAMPLES\n  read -rs PASSWORD; echo \"$PASSWORD\" | cairn identity ask ann\n  cairn identity link ann ann"
    )]
    Identity(IdentityDeed),
    /// Second factors of people who lost theirs: list, remove
    #[command(subcommand, after_help = "EXAMPLE\n  cairn factor remove ann")]
    Factor(FactorDeed),
    /// Trusted publishers: name, list, remove
    #[command(
        subcommand,
        after_help = "EXAMPLE\n  cairn publisher name --user ann --plugin myplugin --repository ann/myplugin --workflow .github/workflows/release.yml"
    )]
    Publisher(PublisherDeed),
    /// Plugin tokens for CI: create, list, describe, revoke
    #[command(
        subcommand,
        after_help = "EXAMPLES\n  cairn token create --user ann --plugin myplugin\n  cairn token revoke 0198c0de-0000-7000-8000-000000000000"
    )]
    Token(TokenDeed),
    /// Keys that account tokens are signed with: list, rotate
    #[command(subcommand, after_help = "EXAMPLES\n  cairn keys list\n  cairn keys rotate")]
    Keys(KeysDeed),
    /// QGIS versions that feeds mean by latest, stable and ltr: set, show
    #[command(
        subcommand,
        after_help = "EXAMPLES\n  cairn qgis set --latest 3.44 --ltr 3.40\n  cairn qgis show"
    )]
    Qgis(QgisDeed),
    /// Upload a package
    #[command(after_help = "EXAMPLE\n  cairn upload myplugin.zip --as ann")]
    Upload(UploadArgs),
    /// Approve a version
    #[command(after_help = "EXAMPLE\n  cairn approve myplugin 1.2.0 --as sue")]
    Approve(ApproveArgs),
    /// Plugins: edit, deprecate, feature, delete, restore, bury, revive
    #[command(
        after_help = "EXAMPLES\n  cairn plugin deprecate myplugin --successor better\n  cairn plugin delete myplugin --reason 'its author asks for it'\n  cairn plugin restore myplugin --as ann"
    )]
    Plugin(PluginArgs),
    /// Who owns a plugin: list, invite, accept, decline, withdraw, add, remove, leave, transfer, reassign, teams
    #[command(
        after_help = "EXAMPLES\n  cairn owner invite myplugin bob --as ann\n  cairn owner list myplugin\n  cairn owner transfer myplugin ann bob --reason 'left the company'"
    )]
    Owner(OwnerArgs),
    /// Teams, whose members own plugins together: show, form, add, remove
    #[command(after_help = "EXAMPLES\n  cairn team form core --as ann\n  cairn team add core bob --as ann")]
    Team(TeamArgs),
    /// The rules that hold for everybody: show, set
    #[command(
        subcommand,
        after_help = "EXAMPLES\n  cairn site show\n  cairn site set registration=invite token_days_max=90"
    )]
    Site(SiteDeed),
    /// Undo what an account or a plugin token did since a time
    #[command(
        after_help = "Uploads are public no longer; owners, trust, roles, and what was said of plugins and versions are as before. What others \
            built upon since is left for you and listed with its place in the log. Run twice, it changes nothing the second time.\n\n\
            EXAMPLES\n  cairn undo-actor mallory --since 2026-03-01 --dry-run\n  cairn undo-actor 0198c0de-0000-7000-8000-000000000000 --since 2026-03-01T12:00:00Z"
    )]
    UndoActor(UndoArgs),
    /// Versions: unapprove, refuse, yank, pin, delete
    #[command(
        after_help = "EXAMPLES\n  cairn version yank myplugin 1.2.0 --reason 'eats layers'\n  cairn version pin myplugin 1.1.0 --channel stable --as ann"
    )]
    Version(VersionArgs),
    /// Tell everything that an upload of a zip would be told, without a server
    #[command(
        after_help = "Exit code 1 when the package would be refused.\n\nEXAMPLES\n  cairn inspect myplugin.zip\n  cairn --profile minimal inspect myplugin.zip --json"
    )]
    Inspect(InspectArgs),
    /// Read a metadata.txt as QGIS reads it
    #[command(
        after_help = "Prints {\"general\": {key: value}} or {\"error\": …} with exit code 1.\n\nEXAMPLE\n  cairn metadata myplugin/metadata.txt --json"
    )]
    Metadata(MetadataArgs),
    /// Build what people read anew from the log, beside what is there, and switch over
    #[command(
        after_help = "EXAMPLES\n  cairn rebuild               all of them\n  cairn rebuild catalogue     one of them"
    )]
    Rebuild(RebuildArgs),
    /// Print a digest of each read model; equal histories give equal digests on every machine and database
    #[command(
        after_help = "EXAMPLES\n  cairn digest > before        then restore a back-up elsewhere, and there:\n  cairn digest | diff before -"
    )]
    Digest,
    /// Print the configuration in force, secrets hidden, and try everything it names
    #[command(
        after_help = "What is printed is itself a configuration file. Exit code 1 when a projection stands still, or a server that is named does not answer.\n\nEXAMPLES\n  cairn check\n  cairn --config /etc/cairn.toml check"
    )]
    Check,
    /// Print events of the registry log as JSON lines
    #[command(
        after_help = "EXAMPLES\n  cairn events                             the last 20\n  cairn events --after 0 --limit 1000000   everything\n  cairn events --follow --kind VersionApproved --kind VersionUploaded\n  cairn events --plugin myplugin --after 0"
    )]
    Events(EventsArgs),
    /// Ask a running server whether it is ready; for container health checks
    #[command(after_help = "EXAMPLE\n  cairn healthcheck http://127.0.0.1:8000")]
    Healthcheck(HealthcheckArgs),
}

impl Default for Deed {
    fn default() -> Self {
        Self::Serve(ServeArgs::default())
    }
}

/// Arguments of `serve`.
#[derive(Debug, Default, ClapArgs)]
pub struct ServeArgs {
    /// Do not run the workers here
    #[arg(long)]
    pub no_workers: bool,
    /// Fill an empty repository with a made-up community first, to look at; refused where anything has happened already
    #[arg(long)]
    pub demo: bool,
}

/// What can be done with QGIS versions.
#[derive(Debug, Subcommand)]
pub enum QgisDeed {
    /// Set them; goes before what the settings say
    #[command(
        after_help = "EXAMPLES\n  cairn qgis set --latest 3.44 --ltr 3.40\n  cairn qgis set --latest 4.0 --stable 3.44 --ltr 3.40"
    )]
    Set(QgisSetArgs),
    /// Show them
    #[command(after_help = "EXAMPLE\n  cairn qgis show")]
    Show,
}

/// Arguments of `qgis set`.
#[derive(Debug, ClapArgs)]
pub struct QgisSetArgs {
    /// The newest release
    #[arg(long, value_name = "X.Y")]
    pub latest: String,
    /// The release that most people should use; the long-term release, if left out
    #[arg(long, value_name = "X.Y")]
    pub stable: Option<String>,
    /// The long-term release
    #[arg(long, value_name = "X.Y")]
    pub ltr: String,
}

/// Arguments of `upload`.
#[derive(Debug, ClapArgs)]
pub struct UploadArgs {
    /// The zip
    pub file: PathBuf,
    /// The account that uploads
    #[arg(long = "as", value_name = "NAME")]
    pub account: String,
    /// Refuse the zip if it is of another plugin
    #[arg(long)]
    pub plugin: Option<String>,
}

/// Arguments of `approve`.
#[derive(Debug, ClapArgs)]
pub struct ApproveArgs {
    /// The package name
    pub plugin: String,
    /// The version
    pub version: String,
    /// The account that approves
    #[arg(long = "as", value_name = "NAME")]
    pub account: String,
}

/// Arguments of `inspect`.
#[derive(Debug, ClapArgs)]
pub struct InspectArgs {
    /// The zip
    pub file: PathBuf,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `metadata`.
#[derive(Debug, ClapArgs)]
pub struct MetadataArgs {
    /// The metadata.txt
    pub file: PathBuf,
    /// As JSON; the only form there is, and may be left out
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `rebuild`.
#[derive(Debug, ClapArgs)]
pub struct RebuildArgs {
    /// Which read model; all without
    pub name: Option<String>,
}

/// Arguments of `events`.
#[derive(Debug, ClapArgs)]
pub struct EventsArgs {
    /// Begin after the first N events of the log, instead of with the last 20
    #[arg(long, value_name = "N")]
    pub after: Option<u64>,
    /// Print at most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Only events of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND")]
    pub kinds: Vec<String>,
    /// Only events of this plugin
    #[arg(long, value_name = "PACKAGE")]
    pub plugin: Option<String>,
    /// Go on with what comes
    #[arg(long)]
    pub follow: bool,
}

/// Arguments of `healthcheck`.
#[derive(Debug, ClapArgs)]
pub struct HealthcheckArgs {
    /// Where the server is; by default where this configuration would listen
    pub url: Option<Url>,
}
