//! The scalars of the schema, as pages get them.

/// How many, or the number of a plugin or version.
pub(crate) type Count = u64;

/// A place in a log.
pub(crate) type Position = u64;

/// A moment.
pub(crate) type DateTime = chrono::DateTime<chrono::Utc>;

/// A day in UTC.
pub(crate) type Date = chrono::NaiveDate;

/// A digest, in hexadecimal digits.
pub(crate) type Sha256 = String;

/// What has no shape of its own.
#[expect(clippy::upper_case_acronyms, reason = "it is called so in the schema")]
pub(crate) type JSON = serde_json::Value;

/// A file: its place is null, and the file goes beside.
pub(crate) type Upload = Option<()>;
