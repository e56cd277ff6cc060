//! A plugin as lists show it, and a version as tables show it.

use crate::text::{Bytes, Count, Day};

/// A plugin in a list, and at the head of its pages.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) href: String,
    pub(crate) name: String,
    /// For the place of a missing picture.
    pub(crate) initial: String,
    pub(crate) icon: Option<String>,
    pub(crate) description: Option<String>,
    /// The newest stable version, else the newest experimental one.
    pub(crate) version: Option<String>,
    pub(crate) downloads: Count,
    pub(crate) updated_at: Day,
    /// QGIS shows it only to those who asked for experimental plugins.
    pub(crate) experimental: bool,
    pub(crate) deprecated: bool,
    /// Staff recommend it.
    pub(crate) featured: bool,
}

/// A version in a table, and at the head of its page.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own on the page")]
pub(crate) struct VersionRow {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) download_href: String,
    /// The QGIS versions that run it.
    pub(crate) qgis: String,
    pub(crate) uploaded_at: Day,
    /// Since when everybody may have it.
    pub(crate) published_at: Option<Day>,
    pub(crate) downloads: Count,
    pub(crate) size: Bytes,
    pub(crate) sha256: String,
    pub(crate) experimental: bool,
    /// Everybody may have it; else it waits, or was refused.
    pub(crate) public: bool,
    pub(crate) refused: bool,
    pub(crate) yanked: bool,
    /// Feeds offer it whatever the numbers say.
    pub(crate) pinned: bool,
}

/// Lets cards be made of the fragment `Card` in a document, given the module of the document:
///
/// ```graphql
/// fragment Card on Plugin {
///   package name description iconUrl downloads updatedAt stable { number } experimental { number } deprecated featured
/// }
/// ```
macro_rules! card_of {
    ($document:ident) => {
        impl From<(&$crate::frame::Frame, $document::Card)> for $crate::card::Card {
            fn from((frame, told): (&$crate::frame::Frame, $document::Card)) -> Self {
                let stable = told.stable.as_ref().map(|version| version.number.clone());
                let experimental = || told.experimental.as_ref().map(|version| version.number.clone());
                let first = told.name.chars().find(|c| c.is_alphanumeric());
                Self {
                    href: frame.plugin(&told.package),
                    initial: first.map(|c| c.to_uppercase().to_string()).unwrap_or_default(),
                    icon: told.icon_url.as_deref().map(|address| frame.local(address)),
                    description: Some(told.description).filter(|text| !text.is_empty()),
                    version: stable.or_else(experimental),
                    downloads: $crate::text::Count(told.downloads),
                    updated_at: $crate::text::Day(told.updated_at),
                    experimental: told.stable.is_none() && told.experimental.is_some(),
                    deprecated: told.deprecated,
                    featured: told.featured,
                    name: told.name,
                }
            }
        }
    };
}

pub(crate) use card_of;

/// Lets rows be made of the fragment `VersionRow` in a document, given its module and the package name:
///
/// ```graphql
/// fragment VersionRow on Version {
///   number qgisMin qgisMax uploadedAt approvedAt downloads sizeBytes sha256 experimental approved yanked pinned
///   refusedReason
/// }
/// ```
macro_rules! version_row_of {
    ($document:ident) => {
        impl From<(&$crate::frame::Frame, &str, $document::VersionRow)> for $crate::card::VersionRow {
            fn from((frame, package, told): (&$crate::frame::Frame, &str, $document::VersionRow)) -> Self {
                let href = frame.version(package, &told.number);
                Self {
                    download_href: format!("{href}download/"),
                    href,
                    qgis: $crate::card::range(&told.qgis_min, &told.qgis_max),
                    uploaded_at: $crate::text::Day(told.uploaded_at),
                    published_at: told.approved_at.filter(|_| told.approved).map($crate::text::Day),
                    downloads: $crate::text::Count(told.downloads),
                    size: $crate::text::Bytes(told.size_bytes),
                    sha256: told.sha256,
                    experimental: told.experimental,
                    public: told.approved,
                    refused: told.refused_reason.is_some() && !told.approved,
                    yanked: told.yanked,
                    pinned: told.pinned,
                    number: told.number,
                }
            }
        }
    };
}

pub(crate) use version_row_of;

/// `3.28 – 3.99`: a bound without a patch number means any.
pub(crate) fn range(min: &str, max: &str) -> String {
    format!("{min} – {max}")
}
