//! Downloads as a busy site sees them: few versions have most of them.

use cairn_domain::download::{Channel, Download, OsClass, QgisRelease};
use cairn_projections::testing::Chance;
use cairn_store::EncodedBatch;

/// When the first download of every run happens: 1 October 2026.
const FIRST_MS: i64 = 1_790_812_800_000;

/// The time over which downloads are spread.
const DAYS_MS: i64 = 30 * 24 * 60 * 60 * 1000;

const QGIS_MINORS: [u16; 12] = [40, 34, 40, 34, 28, 40, 22, 34, 44, 16, 28, 10];

const COUNTRIES: [[u8; 2]; 16] = [
    *b"DE", *b"FR", *b"US", *b"BR", *b"IT", *b"CH", *b"GB", *b"ES", *b"PL", *b"IN", *b"NL", *b"ID", *b"JP",
    *b"MX", *b"SE", *b"CO",
];

/// `n` downloads over 30 days in the order of time. The `k`-th most popular version has a share of 1/k (Zipf's law); which one
/// that is, chance says.
pub(crate) fn zipf(seed: u64, n: usize, version_ids: &[u64]) -> Vec<Download> {
    let mut chance = Chance::new(seed);
    let mut ranked = version_ids.to_vec();
    for at in (1..ranked.len()).rev() {
        ranked.swap(at, chance.below(at + 1));
    }
    let shares = shares_up_to(ranked.len());
    let step_ms = DAYS_MS / i64::try_from(n.max(1)).expect("a few million");
    let at = |index: usize| FIRST_MS + i64::try_from(index).expect("a few million") * step_ms;
    let mut download = |index| {
        let version_id = ranked[rank(&shares, chance.number())];
        one(&mut chance, version_id, at(index))
    };
    (0..n).map(&mut download).collect()
}

fn one(chance: &mut Chance, version_id: u64, at_ms: i64) -> Download {
    Download {
        version_id,
        at_ms,
        qgis: chance.percent(95).then(|| QgisRelease { major: 3, minor: *chance.one(&QGIS_MINORS) }),
        os: *chance.one(OsClass::ALL),
        country: chance.percent(90).then(|| {
            // The product of two draws prefers the first ones.
            let at = chance.below(COUNTRIES.len()) * chance.below(COUNTRIES.len()) / COUNTRIES.len();
            COUNTRIES[at]
        }),
        channel: *chance.one(Channel::ALL),
    }
}

/// How much the first 1, 2, … ranks have together, the last being 1.
fn shares_up_to(ranks: usize) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "there are some ten thousand versions")]
    let mut shares: Vec<f64> = (1..=ranks).map(|rank| 1.0 / rank as f64).collect();
    let mut sum = 0.0;
    for share in &mut shares {
        sum += *share;
        *share = sum;
    }
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// Which rank a random number falls to.
fn rank(shares: &[f64], random: u64) -> usize {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept, which a float holds exactly")]
    let point = (random >> 11) as f64 / (1_u64 << 53) as f64;
    shares.partition_point(|share| *share < point).min(shares.len() - 1)
}

/// A batch as the server packs it.
pub(crate) fn encoded(items: &[Download]) -> EncodedBatch {
    let batch = cairn_projections::testing::new_batch(uuid::Uuid::nil(), 1, items);
    EncodedBatch { first_at: batch.first_at, last_at: batch.last_at, format: batch.format, body: batch.body }
}
