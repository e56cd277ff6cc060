//! The canonical bytes of a row, and their hash: what a transparency log over the rows is built from.
//!
//! A leaf is a pure function of the row and never changes for a row that is written; a new shape gets a new first byte. Numbers are
//! big-endian and of fixed width; a text or byte string is its length in two bytes, then its bytes. In this order:
//!
//! ```text
//! registry:   1 (u8) 1 (u8) position (u64) recorded_at in µs (i64) event_id (16) version (u32) schema (u16)
//!             stream (2+n) kind (2+n) metadata (2+n) payload (2+n)
//! downloads:  1 (u8) 2 (u8) position (u64) recorded_at in µs (i64) writer_id (16) writer_seq (u64)
//!             first_at in µs (i64) last_at in µs (i64) n (u32) format (u16) body (2+n)
//! ```
//!
//! The first byte is the version of this encoding, the second names the log. The longest registry leaf has 48 + 255 + 100 + 4,096
//! + 60,000 = 64,499 bytes, below the 65,535 that an entry of a tiled log may have.

use crate::time::to_us;
use crate::{Log, Recorded, RecordedBatch};
use sha2::{Digest, Sha256};

/// The most bytes a leaf may have: an entry bundle of a tiled log gives its length in two bytes.
pub const LEAF_BYTES_MAX: usize = 65_535;

/// The version of the encoding.
const ENCODING: u8 = 1;

/// What RFC 6962 puts in front of a leaf, so that no leaf can pass for a node.
const LEAF_PREFIX: u8 = 0;

/// The leaf of an event.
pub fn registry_leaf(event: &Recorded) -> Vec<u8> {
    let mut leaf = Leaf::begin(Log::Registry, event.position, to_us(event.recorded_at));
    leaf.fixed(event.event_id.as_bytes());
    leaf.fixed(&event.version.to_be_bytes());
    leaf.fixed(&event.schema.to_be_bytes());
    leaf.measured(event.stream.as_bytes());
    leaf.measured(event.kind.as_bytes());
    leaf.measured(&event.metadata);
    leaf.measured(&event.payload);
    leaf.0
}

/// The leaf of a batch of downloads.
pub fn download_leaf(batch: &RecordedBatch) -> Vec<u8> {
    let mut leaf = Leaf::begin(Log::Downloads, batch.position, to_us(batch.recorded_at));
    leaf.fixed(batch.writer_id.as_bytes());
    leaf.fixed(&batch.writer_seq.to_be_bytes());
    leaf.fixed(&to_us(batch.first_at).to_be_bytes());
    leaf.fixed(&to_us(batch.last_at).to_be_bytes());
    leaf.fixed(&batch.n.to_be_bytes());
    leaf.fixed(&batch.format.to_be_bytes());
    leaf.measured(&batch.body);
    leaf.0
}

/// The Merkle leaf hash of RFC 6962: SHA-256 of a zero byte and the leaf.
pub fn leaf_hash(leaf: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([LEAF_PREFIX]).chain_update(leaf).finalize().into()
}

struct Leaf(Vec<u8>);

impl Leaf {
    fn begin(log: Log, position: u64, recorded_at_us: i64) -> Self {
        let mut leaf = Self(vec![ENCODING, log.id()]);
        leaf.fixed(&position.to_be_bytes());
        leaf.fixed(&recorded_at_us.to_be_bytes());
        leaf
    }

    fn fixed(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn measured(&mut self, bytes: &[u8]) {
        let length = u16::try_from(bytes.len()).expect("the log refuses parts of more than 60,000 bytes");
        self.fixed(&length.to_be_bytes());
        self.fixed(bytes);
    }
}
