//! A whole feed in the codings that clients take.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use bytes::Bytes;
use flate2::FlushCompress;
use sha2::{Digest, Sha256};

use super::chunk::{Chunk, ContentKey, Deflated, deflate};

const PROLOG: &str = "<?xml version = '1.0' encoding = 'UTF-8'?>\n<plugins>\n";
const EPILOG: &str = "</plugins>\n";

/// Counted up when the same entries come out as other bytes, so that no client keeps the old ones.
const FORM: &[u8] = b"feed 1";

/// No name, no time, unknown system: the same feed is the same bytes on every machine.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

static DEFLATED_PROLOG: LazyLock<Deflated> =
    LazyLock::new(|| deflate(PROLOG.as_bytes(), FlushCompress::Full));
static DEFLATED_EPILOG: LazyLock<Deflated> =
    LazyLock::new(|| deflate(EPILOG.as_bytes(), FlushCompress::Finish));

/// How a feed is coded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Plain XML.
    Identity,
    /// What QGIS 3 asks for.
    Gzip,
    /// What QGIS 4 asks for, and browsers.
    Brotli,
    /// What QGIS 4 asks for first.
    Zstd,
}

/// A feed as it was at some moment; it never changes. Each coding is made when first asked for and kept; meanwhile only
/// those who ask for the same coding wait.
#[derive(Debug)]
pub struct FeedBody {
    etag: String,
    chunks: Vec<Arc<Chunk>>,
    plain_bytes: u64,
    identity: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    zstd: OnceLock<Bytes>,
    parts_sent: AtomicBool,
}

impl FeedBody {
    /// The feed of these chunks, in their order. Costs next to nothing: no coding is made yet.
    pub fn new(chunks: Vec<Arc<Chunk>>) -> Self {
        let key = feed_key(&chunks);
        let mut etag = String::from("\"");
        for byte in &key[..16] {
            write!(etag, "{byte:02x}").expect("a String takes any text");
        }
        etag.push('"');
        let ends = PROLOG.len() + EPILOG.len();
        let plain_bytes = ends as u64 + chunks.iter().map(|chunk| chunk.plain_bytes()).sum::<u64>();
        let [identity, gzip, brotli, zstd] = [const { OnceLock::new() }; 4];
        Self { etag, chunks, plain_bytes, identity, gzip, brotli, zstd, parts_sent: AtomicBool::new(false) }
    }

    /// The strong entity tag of the plain feed with its quotes. It follows from the content alone, counts included, so every
    /// process gives the same.
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// The strong entity tag of the feed in one coding, as codings differ in their bytes.
    pub fn etag_in(&self, coding: Coding) -> String {
        let suffix = match coding {
            Coding::Identity => return self.etag.clone(),
            Coding::Gzip => "-gz",
            Coding::Brotli => "-br",
            Coding::Zstd => "-zst",
        };
        format!("{}{suffix}\"", self.etag.trim_end_matches('"'))
    }

    /// The feed in one coding.
    pub fn bytes(&self, coding: Coding) -> Bytes {
        match coding {
            Coding::Identity => self.identity(),
            Coding::Gzip => self.gzip(),
            Coding::Brotli => self.br(),
            Coding::Zstd => self.zstd(),
        }
    }

    /// The plain feed, copied together from the fragments.
    pub fn identity(&self) -> Bytes {
        self.identity.get_or_init(|| self.plain().into()).clone()
    }

    /// One gzip member, copied together from the deflated chunks.
    pub fn gzip(&self) -> Bytes {
        self.gzip.get_or_init(|| self.gzip_parts().concat().into()).clone()
    }

    /// Brotli of the whole feed, compressed when first asked for: about 12 ms per MB.
    pub fn br(&self) -> Bytes {
        self.brotli.get_or_init(|| brotli_of(&self.identity())).clone()
    }

    /// Zstandard of the whole feed, compressed when first asked for: about 2 ms per MB.
    pub fn zstd(&self) -> Bytes {
        let compress = || zstd::bulk::compress(&self.identity(), 3).expect("memory takes any bytes").into();
        self.zstd.get_or_init(compress).clone()
    }

    fn plain(&self) -> Vec<u8> {
        let mut plain =
            Vec::with_capacity(usize::try_from(self.plain_bytes).expect("fragments are in memory"));
        plain.extend_from_slice(PROLOG.as_bytes());
        for chunk in &self.chunks {
            chunk.write(&mut plain);
        }
        plain.extend_from_slice(EPILOG.as_bytes());
        plain
    }

    /// How many bytes its codings keep, those that have been made.
    pub(super) fn kept_bytes(&self) -> u64 {
        let made =
            [&self.identity, &self.gzip, &self.brotli, &self.zstd].into_iter().filter_map(OnceLock::get);
        made.map(|bytes| bytes.len() as u64).sum()
    }

    /// The feed in one coding if it has been made.
    pub fn made(&self, coding: Coding) -> Option<Bytes> {
        let cell = match coding {
            Coding::Identity => &self.identity,
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
            Coding::Zstd => &self.zstd,
        };
        cell.get().cloned()
    }

    /// The parts of [`FeedBody::gzip`] one after the other, copying nothing, for whoever asks first; none later, when joining
    /// them once is cheaper than sending hundreds of parts each time.
    pub fn first_gzip_parts(&self) -> Option<Vec<Bytes>> {
        let first = !self.parts_sent.swap(true, Ordering::Relaxed);
        first.then(|| self.gzip_parts())
    }

    fn gzip_parts(&self) -> Vec<Bytes> {
        let chunks = self.chunks.iter().map(|chunk| chunk.deflated());
        let mut parts = Vec::with_capacity(self.chunks.len() + 4);
        parts.push(Bytes::from_static(&GZIP_HEADER));
        let mut crc32 = crc32fast::Hasher::new();
        for deflated in [&*DEFLATED_PROLOG].into_iter().chain(chunks).chain([&*DEFLATED_EPILOG]) {
            parts.push(deflated.bytes.clone());
            crc32.combine(&crc32fast::Hasher::new_with_initial_len(deflated.crc32, deflated.plain_bytes));
        }
        // gzip counts modulo 2^32: the low four bytes
        let ends =
            [crc32.finalize().to_le_bytes(), self.plain_bytes.to_le_bytes()[..4].try_into().expect("four")];
        parts.push(Bytes::copy_from_slice(&ends.concat()));
        parts
    }
}

/// What tells one feed from another: SHA-256 over the keys of its chunks.
pub(super) fn feed_key(chunks: &[Arc<Chunk>]) -> ContentKey {
    let mut hash = Sha256::new_with_prefix(FORM);
    for chunk in chunks {
        hash.update(chunk.key());
    }
    hash.finalize().into()
}

fn brotli_of(plain: &[u8]) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 5,
        size_hint: plain.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut compressed = Vec::with_capacity(plain.len() / 4 + 64);
    brotli::BrotliCompress(&mut &plain[..], &mut compressed, &params).expect("memory takes any bytes");
    compressed.into()
}
