//! A run of feed entries, compressed once and joined to others as bytes.
//!
//! Each chunk is deflated alone and ends with a full flush, on a byte border and without reference to what came before. So
//! deflated chunks one after the other are the deflated whole, and their checksums combine.

use std::fmt::Write;
use std::sync::Arc;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use sha2::{Digest, Sha256};

use super::fragment::Fragment;

/// zlib's own default: on feeds, 9 is a per cent or two smaller and takes twice the time.
const DEFLATE_LEVEL: u32 = 6;

/// Downloads and votes of a plugin, all its versions together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// How often any version was downloaded.
    pub downloads: u64,
    /// How many people voted.
    pub rating_votes: u64,
    /// The sum of their votes, each 1 to 5.
    pub rating_score: u64,
}

impl Counts {
    /// The average as the site behind plugins.qgis.org shows it: a little below the true one, and 0 without votes.
    #[expect(clippy::cast_precision_loss, reason = "votes stay far below 2^52")]
    pub fn average_vote(&self) -> f64 {
        self.rating_score as f64 / (self.rating_votes as f64 + 0.001)
    }
}

/// One entry of a feed: the rendered version and the counts of its plugin.
#[derive(Debug, Clone)]
pub struct Part {
    /// The version, rendered.
    pub fragment: Arc<Fragment>,
    /// The counts of its plugin.
    pub counts: Counts,
}

impl Part {
    fn write(&self, out: &mut Vec<u8>) {
        let mut counts = String::with_capacity(128);
        let Counts { downloads, rating_votes, .. } = self.counts;
        let average_vote = self.counts.average_vote();
        write!(
            counts,
            "<downloads>{downloads}</downloads>\n<average_vote>{average_vote:?}</average_vote>\n<rating_votes>{rating_votes}</rating_votes>\n"
        )
        .expect("a String takes any text");
        out.extend_from_slice(self.fragment.head());
        out.extend_from_slice(counts.as_bytes());
        out.extend_from_slice(self.fragment.tail());
    }
}

/// What tells one run of entries from another: SHA-256 over the fragments and their counts, in order.
pub type ContentKey = [u8; 32];

/// The content key of a run of entries, without rendering it.
pub fn content_key(parts: &[Part]) -> ContentKey {
    let mut hash = Sha256::new();
    for Part { fragment, counts } in parts {
        hash.update(fragment.digest());
        for count in [counts.downloads, counts.rating_votes, counts.rating_score] {
            hash.update(count.to_be_bytes());
        }
    }
    hash.finalize().into()
}

/// A run of entries with its deflated bytes. The plain bytes are not kept: they are written from the fragments, which are
/// in memory anyway.
#[derive(Debug)]
pub struct Chunk {
    parts: Vec<Part>,
    key: ContentKey,
    deflated: Deflated,
}

/// Some bytes in raw deflate, and what a gzip member must know of the plain ones.
#[derive(Debug)]
pub(super) struct Deflated {
    pub(super) bytes: Bytes,
    pub(super) crc32: u32,
    /// Plain bytes, not deflated ones.
    pub(super) plain_bytes: u64,
}

impl Chunk {
    /// Renders and deflates a run of entries: the costly step of a feed, about 7 ms per MB.
    pub fn new(parts: Vec<Part>) -> Self {
        let key = content_key(&parts);
        let mut plain = Vec::new();
        for part in &parts {
            part.write(&mut plain);
        }
        Self { parts, key, deflated: deflate(&plain, FlushCompress::Full) }
    }

    /// How many bytes it keeps.
    pub(super) fn kept_bytes(&self) -> u64 {
        self.deflated.bytes.len() as u64
    }

    /// What tells this chunk from another.
    pub fn key(&self) -> &ContentKey {
        &self.key
    }

    /// How many bytes [`Chunk::write`] writes.
    pub fn plain_bytes(&self) -> u64 {
        self.deflated.plain_bytes
    }

    /// Writes the entries as they stand in the feed.
    pub fn write(&self, out: &mut Vec<u8>) {
        for part in &self.parts {
            part.write(out);
        }
    }

    pub(super) fn deflated(&self) -> &Deflated {
        &self.deflated
    }
}

/// Deflates some bytes alone; `flush` is `Full` for a part of a stream and `Finish` for its end.
pub(super) fn deflate(plain: &[u8], flush: FlushCompress) -> Deflated {
    let mut compress = Compress::new(Compression::new(DEFLATE_LEVEL), false);
    let mut bytes = Vec::with_capacity(plain.len() / 2 + 64);
    loop {
        let read = usize::try_from(compress.total_in()).expect("it reads a slice");
        compress.compress_vec(&plain[read..], &mut bytes, flush).expect("deflate takes any bytes");
        // It stops early only for want of room; room left means that all is read and flushed.
        if bytes.len() < bytes.capacity() {
            break;
        }
        bytes.reserve(bytes.capacity());
    }
    bytes.shrink_to_fit();
    Deflated { crc32: crc32fast::hash(plain), plain_bytes: plain.len() as u64, bytes: bytes.into() }
}
