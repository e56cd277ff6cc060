//! The event log on SQLite and PostgreSQL, package blobs, clock and ids.
//!
//! The store knows nothing of plugins: payloads are exact bytes. Two logs share one machinery, each with its
//! own lock and its own gapless positions: [`Registry`] (events with streams and versions) and [`Downloads`]
//! (one row = a batch of downloads). Commit order is position order, so a reader that asks for `position >=
//! next` misses nothing, and proves it: the next row must be `next`.

mod blobs;
mod bulk;
mod checkpoint;
pub mod clock;
mod db;
mod downloads;
mod engine_sql;
mod error;
mod ids;
mod leaf;
mod log;
mod macros;
mod migrate;
pub mod statements;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
pub mod upkeep;
pub mod vault;

#[doc(hidden)]
pub use sqlx;

pub use blobs::{Blobs, sha256_hex};
pub use bulk::{Bulk, Value};
pub use checkpoint::{Lease, Status, Subscription, Subscriptions};
pub use clock::{Clock, FixedClock, SystemClock};
pub use db::{Conn, Db, DbLimits, Each, Engine, PostgresDb, Session, SqliteDb, Tx};
pub use downloads::appender::{AppenderLimits, DownloadAppender, DownloadId, Dropped, EncodedBatch, Receipt};
pub use downloads::{Appended, BATCH_BODY_BYTES_MAX, Downloads, NewBatch, RecordedBatch};
pub use error::StoreError;
pub use ids::Ids;
pub use leaf::{LEAF_BYTES_MAX, download_leaf, leaf_hash, registry_leaf};
pub use log::event::{
    Expected, KIND_BYTES_MAX, METADATA_BYTES_MAX, NewEvent, PAYLOAD_BYTES_MAX, Recorded, STREAM_BYTES_MAX,
};
pub use log::outcome::Outcome;
pub use log::registry::Registry;
pub use log::registry_tx::RegistryTx;
pub use log::{Log, Position};
pub use time::{from_us, to_us};

/// What the store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
