//! How the operator set the repository up, as far as people may know it.

use crate::graphql::asked::Asker;
use crate::graphql::scalars::Count;
use async_graphql::SimpleObject;
use cairn_commands::secret::PASSWORD_CHARS_MIN;
use cairn_commands::token::{TOKEN_DAYS, TOKEN_NOTE_CHARS_MAX};

/// How large things may be.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct SiteLimits {
    /// Bytes of a package.
    package_bytes_max: Count,
    /// Files and folders in a package.
    package_entries_max: Count,
    /// Bytes of all files of a package when unpacked.
    unpacked_bytes_max: Count,
    /// Bytes of one file of a package when unpacked.
    entry_bytes_max: Count,
    /// Bytes of metadata.txt.
    metadata_bytes_max: Count,
    /// Bytes of an icon.
    icon_bytes_max: Count,
    /// Items on a page of any list.
    page_size_max: Count,
    /// What all fields of one GraphQL document may cost.
    complexity_max: Count,
    /// How many fields of a GraphQL document may be below each other.
    depth_max: Count,
    /// Characters of a new password, at least.
    password_chars_min: Count,
    /// Characters of what a token is called.
    token_description_chars_max: Count,
    /// Days that a token lives if nobody says how many; the policy may allow fewer.
    token_days: u32,
    /// How many seconds a read model may be behind before the repository calls itself not ready.
    lag_seconds_max: f64,
}

/// An identity provider that people may sign in with.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct SiteProvider {
    /// What it is called in addresses.
    name: String,
    /// What people call it.
    title: String,
    /// Whether whoever it vouches for gets an account, whatever the policy says of signing up.
    registers: bool,
}

/// What the repository can do, as its operator set it up.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct SiteFeatures {
    /// Whether it sends mail.
    sends_mail: bool,
    /// The identity providers that people may sign in with.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    providers: Vec<SiteProvider>,
    /// What people call the directory that knows their passwords; null if there is none.
    directory: Option<String>,
    /// Whether people may have passkeys: it is at a host name, behind https.
    passkeys: bool,
    /// The CI services whose word it believes, by their addresses.
    ci_issuers: Vec<String>,
    /// For whom identity tokens of those services must be made.
    ci_audience: String,
    /// Whether it tells from which countries downloads come.
    knows_countries: bool,
    /// How clients reach it.
    base_url: String,
}

impl SiteLimits {
    pub(super) fn of(asker: &Asker) -> Self {
        let (packages, documents) = (asker.app.intake.limits(), asker.limits());
        let size = |bytes: usize| Count(bytes as u64);
        Self {
            package_bytes_max: size(packages.size_bytes_max.min(asker.app.settings.limits.package_bytes_max)),
            package_entries_max: size(packages.entries_max),
            unpacked_bytes_max: Count(packages.unpacked_bytes_max),
            entry_bytes_max: Count(packages.entry_bytes_max),
            metadata_bytes_max: size(packages.metadata_bytes_max),
            icon_bytes_max: size(packages.icon_bytes_max),
            page_size_max: Count(documents.page_size_max.into()),
            complexity_max: size(documents.complexity_max),
            depth_max: size(documents.depth_max),
            password_chars_min: size(PASSWORD_CHARS_MIN),
            token_description_chars_max: size(TOKEN_NOTE_CHARS_MAX),
            token_days: TOKEN_DAYS,
            lag_seconds_max: asker.app.settings.lag_max.as_secs_f64(),
        }
    }
}

impl SiteFeatures {
    pub(super) fn of(asker: &Asker) -> Self {
        let providers = asker.app.providers.all().iter().map(|known| SiteProvider {
            name: known.name.clone(),
            title: known.title.clone(),
            registers: known.registers,
        });
        Self {
            sends_mail: asker.app.settings.sends_mail,
            providers: providers.collect(),
            directory: asker.app.providers.directory_title().map(str::to_owned),
            passkeys: asker.app.factors.has_passkeys(),
            ci_issuers: asker.app.publishing.trusted().iter().map(|known| known.issuer.clone()).collect(),
            ci_audience: asker.app.publishing.audience().to_owned(),
            knows_countries: asker.app.countries.are_known(),
            base_url: asker.app.settings.address(""),
        }
    }
}
