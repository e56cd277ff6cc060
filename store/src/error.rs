//! What can go wrong in the store.

use crate::Log;
use sqlx::error::ErrorKind;
use uuid::Uuid;

/// Why the store could not do what was asked. A cause is found by `source`, not in the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database is away, busy or gave up waiting; the same request may succeed later.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The database refused a statement; asking again will not help.
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
    /// The tables could not be brought to the shape this program needs.
    #[error("the database cannot be migrated")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// An address that names neither a SQLite file nor a PostgreSQL server.
    #[error("{0:?} is no database address: use sqlite:///folder/file.db or postgres://user@host/name")]
    BadUrl(String),
    /// A file or folder could not be made or read.
    #[error("{path} cannot be used")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A position is missing from a log: damage, never a race.
    #[error("the {log} log has a hole: position {expected} is missing and {found} follows")]
    Hole {
        /// The log that was read.
        log: Log,
        /// The position that should have come.
        expected: u64,
        /// The position that came.
        found: u64,
    },
    /// A row holds what the program never writes.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The stream moved since the caller looked; load it again.
    #[error("stream {stream} is at version {actual}")]
    StaleVersion {
        /// The stream.
        stream: String,
        /// The version it has now.
        actual: u32,
    },
    /// An event with this id is in the log already: the command was carried out before.
    #[error("event {event_id} is in the log already, at position {position}")]
    DuplicateEvent {
        /// The first of the given ids that is there.
        event_id: Uuid,
        /// Where it is.
        position: u64,
    },
    /// A part of an event or batch is longer than a leaf of the log may hold.
    #[error("{part} has {bytes} bytes, at most {bytes_max} are allowed")]
    TooLarge {
        /// `payload`, `metadata`, `stream`, `kind` or `body`.
        part: &'static str,
        /// Its length.
        bytes: usize,
        /// The most it may have.
        bytes_max: usize,
    },
    /// An append of nothing, which is a mistake of the caller.
    #[error("nothing to append")]
    EmptyAppend,
    /// A statement of this transaction failed, so it can only be rolled back.
    #[error("the transaction failed earlier and cannot be committed")]
    TransactionFailed,
    /// A writer of download batches skipped a number: a batch it believes stored is not there.
    #[error("writer {writer_id} sent batch {sent} after batch {last}")]
    WriterGap {
        /// The writer.
        writer_id: Uuid,
        /// The number it sent.
        sent: u64,
        /// The last number that is stored, 0 if none.
        last: u64,
    },
    /// Somebody else moved this checkpoint or holds its lease; roll back and take the lease again.
    #[error("the checkpoint of {name} generation {generation} was moved by another worker")]
    CheckpointMoved {
        /// The projection.
        name: String,
        /// Its generation.
        generation: u32,
    },
    /// No projection of this name and generation is known.
    #[error("there is no subscription {name} generation {generation} that can do this")]
    NoSubscription {
        /// The projection.
        name: String,
        /// Its generation.
        generation: u32,
    },
    /// The folded name belongs to another person.
    #[error("the name is taken")]
    NameTaken,
    /// No package with this digest is stored.
    #[error("package {0} is not stored")]
    BlobMissing(String),
    /// The stored bytes do not have the digest they are stored under.
    #[error("package {0} is damaged")]
    BlobDamaged(String),
    /// A text that is not 64 lower-case hexadecimal digits.
    #[error("{0:?} is no SHA-256 digest")]
    BadDigest(String),
    /// The package store is away or refused.
    #[error("the package store does not answer")]
    Blobs(#[source] object_store::Error),
}

impl StoreError {
    /// An address may hold a password: whatever stands between `//` and `@` is left out.
    pub(crate) fn bad_url(url: &str) -> Self {
        Self::BadUrl(match (url.split_once("//"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}//…@{host}"),
            _ => url.into(),
        })
    }

    /// Whether the same request may succeed if it is made again a little later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Blobs(_))
    }

    /// Whether a unique key refused the row. Which key is known from the statement: SQLite does not name it.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.kind() == ErrorKind::UniqueViolation)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if passes(&error) { Self::Unavailable(error) } else { Self::Database(error) }
    }
}

/// Whether an error goes away by waiting: connection trouble, locks, time-outs, a server that shuts down or
/// is full.
fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(e) => match e.code().as_deref() {
            // SQLite: busy and locked with their extended codes (low byte 5 or 6), I/O trouble (10), disk
            // full (13)
            Some(code) if code.len() < 5 => {
                code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13))
            }
            // PostgreSQL: connections, serialization and deadlock, resources, lock and statement time-outs,
            // shutdown
            Some(code) => {
                ["08", "40", "53"].iter().any(|class| code.starts_with(class))
                    || ["55P03", "57014", "57P01", "57P02", "57P03", "57P05", "25P03", "58030"]
                        .contains(&code)
            }
            None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_address_is_shown_without_its_password() {
        let shown = |url| StoreError::bad_url(url).to_string();
        assert!(shown("mysql://ann:secret@db/cairn").starts_with("\"mysql://…@db/cairn\" is no"));
        assert!(shown("mysql://db/cairn").starts_with("\"mysql://db/cairn\" is no"));
    }

    #[test]
    fn waiting_mends_a_lost_connection_but_not_a_wrong_statement() {
        assert!(StoreError::from(sqlx::Error::PoolTimedOut).is_transient());
        assert!(!StoreError::from(sqlx::Error::RowNotFound).is_transient());
    }
}
