//! The canonical bytes of a row, and their hash: what a transparency log over the rows is built from.
//!
//! A leaf is a pure function of the row and never changes for a row that is written; a new shape gets a new
//! first byte. Numbers are big-endian and of fixed width; a text or byte string is its length in two bytes,
//! then its bytes. In this order:
//!
//! ```text
//! registry:   1 (u8) 1 (u8) position (u64) recorded_at in µs (i64) event_id (16) version (u32) schema (u16)
//!             stream (2+n) kind (2+n) metadata (2+n) payload (2+n)
//! downloads:  1 (u8) 2 (u8) position (u64) recorded_at in µs (i64) writer_id (16) writer_seq (u64)
//!             first_at in µs (i64) last_at in µs (i64) n (u32) format (u16) body (2+n)
//! ```
//!
//! The first byte is the version of this encoding, the second names the log. The longest registry leaf has
//! 64,499 bytes (60,000 of payload, 4,096 of metadata, 255 of stream, 100 of kind, 48 of all else), below the
//! 65,535 that an entry of a tiled log may have.

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

#[cfg(test)]
mod tests {
    //! The golden bytes and hashes were made by twelve lines of Python from the table at the top of this
    //! file. They never change.

    use super::*;
    use crate::from_us;
    use std::fmt::Write as _;
    use uuid::Uuid;

    const ID: Uuid = Uuid::from_u128(0x0193_493f_4a7b_7c3d_8e21_5f6a_7b8c_9d0e);

    fn approved() -> Recorded {
        Recorded {
            position: 7,
            recorded_at: from_us(1_763_640_000_000_123).unwrap(),
            event_id: ID,
            stream: "plugin/lasso".into(),
            version: 3,
            kind: "VersionApproved".into(),
            schema: 2,
            payload: r#"{"version":"1.2.0","note":"schön"}"#.into(),
            metadata: br#"{"actor":"ann"}"#.to_vec(),
        }
    }

    fn downloaded() -> RecordedBatch {
        RecordedBatch {
            position: 9,
            recorded_at: from_us(1_763_640_000_000_456).unwrap(),
            writer_id: ID,
            writer_seq: 4,
            first_at: from_us(1_763_639_999_000_000).unwrap(),
            last_at: from_us(1_763_640_000_000_000).unwrap(),
            n: 2,
            format: 1,
            body: vec![0, 1, 2, 255],
        }
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
    }

    #[test]
    fn an_events_leaf_is_golden() {
        let leaf = registry_leaf(&approved());
        assert_eq!(
            hex(&leaf),
            "01010000000000000007000644056fb6307b0193493f4a7b7c3d8e215f6a7b8c9d0e000000030002000c706c7567696e2f6c6173736f\
             000f56657273696f6e417070726f766564000f7b226163746f72223a22616e6e227d00237b2276657273696f6e223a22312e322e30222c\
             226e6f7465223a22736368c3b66e227d"
        );
        assert_eq!(
            hex(&leaf_hash(&leaf)),
            "759f57a8f34ffcafd1fd2e4f8d0b6d136b1dc45d9f070c0e75cc1cd62286dabc"
        );
    }

    #[test]
    fn a_batchs_leaf_is_golden() {
        let leaf = download_leaf(&downloaded());
        assert_eq!(
            hex(&leaf),
            "01020000000000000009000644056fb631c80193493f4a7b7c3d8e215f6a7b8c9d0e0000000000000004000644056fa6edc0\
             000644056fb630000000000200010004000102ff"
        );
        assert_eq!(
            hex(&leaf_hash(&leaf)),
            "7d774dccd3f9ce093ad6d6aad8bec5ef216d3bedd52855c68bc4efd2c18a0f1f"
        );
    }

    #[test]
    fn moving_a_byte_between_neighbours_changes_the_leaf() {
        let one = Recorded { stream: "plugin/a".into(), kind: "bc".into(), ..approved() };
        let other = Recorded { stream: "plugin/ab".into(), kind: "c".into(), ..approved() };
        assert_ne!(registry_leaf(&one), registry_leaf(&other));
    }

    /// Reads a registry leaf back by the table at the top, which proves that no two events share one.
    fn read_back(mut leaf: &[u8]) -> Recorded {
        fn take<'a>(leaf: &mut &'a [u8], n: usize) -> &'a [u8] {
            let (taken, rest) = leaf.split_at(n);
            *leaf = rest;
            taken
        }
        fn measured(leaf: &mut &[u8]) -> Vec<u8> {
            let n = u16::from_be_bytes(take(leaf, 2).try_into().unwrap());
            take(leaf, n.into()).to_vec()
        }
        let leaf = &mut leaf;
        assert_eq!(take(leaf, 2), [1, 1]);
        let position = u64::from_be_bytes(take(leaf, 8).try_into().unwrap());
        let recorded_at = from_us(i64::from_be_bytes(take(leaf, 8).try_into().unwrap())).unwrap();
        let event_id = Uuid::from_slice(take(leaf, 16)).unwrap();
        let version = u32::from_be_bytes(take(leaf, 4).try_into().unwrap());
        let schema = u16::from_be_bytes(take(leaf, 2).try_into().unwrap());
        let [stream, kind] = [measured(leaf), measured(leaf)].map(|text| String::from_utf8(text).unwrap());
        let [metadata, payload] = [measured(leaf), measured(leaf)];
        assert!(leaf.is_empty());
        Recorded { position, recorded_at, event_id, stream, version, kind, schema, payload, metadata }
    }

    proptest::proptest! {
        #[test]
        fn an_event_can_be_read_back_from_its_leaf(
            (position, at, version, schema, id) in proptest::prelude::any::<(u64, i32, u32, u16, u128)>(),
            (stream, kind) in ("\\PC{0,60}", "\\PC{0,25}"),
            (payload, metadata) in proptest::prelude::any::<(Vec<u8>, Vec<u8>)>(),
        ) {
            let (recorded_at, event_id) = (from_us(i64::from(at) * 1_000_003).unwrap(), Uuid::from_u128(id));
            let event = Recorded { position, recorded_at, event_id, stream, version, kind, schema, payload, metadata };
            let leaf = registry_leaf(&event);
            proptest::prop_assert!(leaf.len() <= LEAF_BYTES_MAX);
            proptest::prop_assert_eq!(read_back(&leaf), event);
        }
    }
}
