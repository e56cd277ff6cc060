//! An event as it goes into the registry log and as it comes out.

use crate::time::{from_us, unsigned};
use crate::{Position, Result, StoreError};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The most bytes of a payload: with the rest a leaf stays below the 65,535 bytes that an entry of a tiled
/// log may have.
pub const PAYLOAD_BYTES_MAX: usize = 60_000;
/// The most bytes of the metadata.
pub const METADATA_BYTES_MAX: usize = 4_096;
/// The most bytes of a stream's name.
pub const STREAM_BYTES_MAX: usize = 255;
/// The most bytes of a kind.
pub const KIND_BYTES_MAX: usize = 100;

/// An event to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Version 7, or [`Ids::of_event`](crate::Ids::of_event) of a command: a second append of it is refused.
    pub id: Uuid,
    /// What it is about, such as `plugin/lasso`.
    pub stream: String,
    /// What the caller believes about the stream.
    pub expected: Expected,
    /// What happened, such as `VersionUploaded`.
    pub kind: String,
    /// The version of the payload's shape; at most 32,767.
    pub schema: u16,
    /// The exact bytes that will be read back, at most [`PAYLOAD_BYTES_MAX`].
    pub payload: Vec<u8>,
    /// Who and why: actor id, command id; at most [`METADATA_BYTES_MAX`].
    pub metadata: Vec<u8>,
}

/// The version a stream must have before the append. All events of a stream in one append expect the same:
/// the version before the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is.
    Any,
    /// Exactly this; 0 for a stream without events.
    Version(u32),
}

/// An event that is in the log for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the log.
    pub position: Position,
    /// When it was appended, in whole microseconds; never before the event ahead of it.
    pub recorded_at: DateTime<Utc>,
    /// Its id.
    pub event_id: Uuid,
    /// What it is about.
    pub stream: String,
    /// Its place in the stream, from 1.
    pub version: u32,
    /// What happened.
    pub kind: String,
    /// The version of the payload's shape.
    pub schema: u16,
    /// The exact bytes that were appended.
    pub payload: Vec<u8>,
    /// The exact bytes that were appended.
    pub metadata: Vec<u8>,
}

/// The columns of `event` in the order of the questions.
pub(crate) type Row = (i64, i64, Uuid, String, i32, String, i16, Vec<u8>, Vec<u8>);

impl TryFrom<Row> for Recorded {
    type Error = StoreError;

    fn try_from(
        (position, at, event_id, stream, version, kind, schema, payload, metadata): Row,
    ) -> Result<Self> {
        let damaged = |_| StoreError::Damaged(format!("event {event_id} has a negative version"));
        Ok(Self {
            position: unsigned(position)?,
            recorded_at: from_us(at)?,
            event_id,
            stream,
            version: version.try_into().map_err(damaged)?,
            kind,
            schema: schema.try_into().map_err(damaged)?,
            payload,
            metadata,
        })
    }
}

impl NewEvent {
    /// Refuses what a leaf could not hold.
    pub(crate) fn check(&self) -> Result<()> {
        within("payload", self.payload.len(), PAYLOAD_BYTES_MAX)?;
        within("metadata", self.metadata.len(), METADATA_BYTES_MAX)?;
        within("stream", self.stream.len(), STREAM_BYTES_MAX)?;
        within("kind", self.kind.len(), KIND_BYTES_MAX)
    }
}

pub(crate) fn within(part: &'static str, bytes: usize, bytes_max: usize) -> Result<()> {
    if bytes > bytes_max { Err(StoreError::TooLarge { part, bytes, bytes_max }) } else { Ok(()) }
}
