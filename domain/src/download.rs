//! Downloads: the items of the second log, many to a row, in a compact body.
//!
//! Format 1 of a body: the number of items, then one column after the other, so that equal neighbours cost little.
//! All numbers are LEB128 varints. Columns: version id (difference to the item before, zigzag), milliseconds after
//! the batch's first item (difference, zigzag), QGIS version (0 = unknown, else 1 + major·1000 + minor), operating
//! system and channel (one byte: os·16 + channel), country (two bytes, `\0\0` = unknown).

use serde::{Deserialize, Serialize};

/// The only body format so far.
pub const FORMAT: i32 = 1;

/// Items one row may hold; with at most 23 bytes an item a body stays below the log's 60,000 bytes.
pub const BATCH_ITEMS_MAX: usize = 1000;

/// One counted download. Its identity is (position of its row, index in the row).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Download {
    /// Which version: the position of its upload + 1.
    pub version_id: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// The QGIS that asked, if it said so.
    pub qgis: Option<QgisRelease>,
    /// The operating system that asked, by class.
    pub os: OsClass,
    /// ISO 3166 country, two upper-case letters, if a GeoIP file is configured and knows.
    pub country: Option<[u8; 2]>,
    /// What sort of client it was.
    pub channel: Channel,
}

/// A QGIS release line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QgisRelease {
    /// 3 in 3.40.
    pub major: u16,
    /// 40 in 3.40; below 1000.
    pub minor: u16,
}

macro_rules! byte_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $n:literal $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant = $n),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in read models.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            fn from_nibble(nibble: u8) -> Option<Self> {
                match nibble { $($n => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

byte_enum! {
    /// The operating system, as coarsely as the statistics need it.
    OsClass { /// Not told.
        Unknown = 0 "unknown", /// Any Linux.
        Linux = 1 "linux", /// Any Windows.
        Windows = 2 "windows", /// Any macOS.
        MacOs = 3 "macos" }
}

byte_enum! {
    /// What sort of client downloaded.
    Channel { /// A browser, curl, anything else.
        Other = 0 "other", /// QGIS itself.
        Qgis = 1 "qgis", /// qgis-plugin-manager.
        PluginManager = 2 "plugin_manager", /// QGIS Deployment Toolbelt.
        Toolbelt = 3 "toolbelt" }
}

/// A body that is not what [`encode`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a row of the downloads log cannot be read: {0}")]
pub struct BadBatch(&'static str);

/// The body for these downloads; `first_at_ms` is the first one's time, which the row keeps beside the body.
pub fn encode(items: &[Download]) -> Vec<u8> {
    assert!(items.len() <= BATCH_ITEMS_MAX, "the appender cuts batches at BATCH_ITEMS_MAX");
    let mut body = Vec::with_capacity(items.len() * 8 + 4);
    put(&mut body, items.len() as u64);
    let mut last = 0;
    for item in items {
        let id = i64::try_from(item.version_id).expect("a position is below 2^63");
        put(&mut body, zigzag(id - last));
        last = id;
    }
    let mut last = items.first().map_or(0, |item| item.at_ms);
    for item in items {
        put(&mut body, zigzag(item.at_ms - last));
        last = item.at_ms;
    }
    for item in items {
        let release =
            item.qgis.map_or(0, |qgis| 1 + u64::from(qgis.major) * 1000 + u64::from(qgis.minor.min(999)));
        put(&mut body, release);
    }
    body.extend(items.iter().map(|item| (item.os as u8) << 4 | item.channel as u8));
    body.extend(items.iter().flat_map(|item| item.country.unwrap_or_default()));
    body
}

/// The downloads of a row of `format` whose first item came at `first_at_ms`.
pub fn decode(format: i32, first_at_ms: i64, body: &[u8]) -> Result<Vec<Download>, BadBatch> {
    if format != FORMAT {
        return Err(BadBatch("unknown format"));
    }
    let mut rest = body;
    let count = usize::try_from(take(&mut rest)?).map_err(|_| BadBatch("count"))?;
    if count > BATCH_ITEMS_MAX {
        return Err(BadBatch("count"));
    }
    let mut items = Vec::with_capacity(count);
    let mut id = 0_i64;
    for _ in 0..count {
        id =
            id.checked_add(unzigzag(take(&mut rest)?)).filter(|id| *id >= 0).ok_or(BadBatch("version id"))?;
        items.push(Download {
            version_id: id.unsigned_abs(),
            at_ms: 0,
            qgis: None,
            os: OsClass::Unknown,
            country: None,
            channel: Channel::Other,
        });
    }
    let mut at = first_at_ms;
    for item in &mut items {
        at = at.checked_add(unzigzag(take(&mut rest)?)).ok_or(BadBatch("time"))?;
        item.at_ms = at;
    }
    for item in &mut items {
        item.qgis = match take(&mut rest)? {
            0 => None,
            told => {
                let major = u16::try_from((told - 1) / 1000).map_err(|_| BadBatch("QGIS version"))?;
                let minor = u16::try_from((told - 1) % 1000).map_err(|_| BadBatch("QGIS version"))?;
                Some(QgisRelease { major, minor })
            }
        };
    }
    if rest.len() != count * 3 {
        return Err(BadBatch("length"));
    }
    let (classes, countries) = rest.split_at(count);
    for ((item, class), country) in items.iter_mut().zip(classes).zip(countries.chunks(2)) {
        item.os = OsClass::from_nibble(class >> 4).ok_or(BadBatch("operating system"))?;
        item.channel = Channel::from_nibble(class & 15).ok_or(BadBatch("channel"))?;
        item.country = (country != [0, 0]).then(|| [country[0], country[1]]);
    }
    Ok(items)
}

fn put(body: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        body.push(u8::try_from(number & 0x7f).expect("seven bits") | 0x80);
        number >>= 7;
    }
    body.push(u8::try_from(number).expect("seven bits"));
}

fn take(rest: &mut &[u8]) -> Result<u64, BadBatch> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first().ok_or(BadBatch("cut short"))?;
        *rest = tail;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(BadBatch("number too large"));
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(BadBatch("number too long"))
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn download() -> impl Strategy<Value = Download> {
        (
            0_u64..1 << 40,
            0_i64..4_000_000_000_000,
            proptest::option::of((1_u16..60, 0_u16..1000)),
            0_usize..OsClass::ALL.len(),
            proptest::option::of([b'A'..=b'Z', b'A'..=b'Z']),
            0_usize..Channel::ALL.len(),
        )
            .prop_map(|(version_id, at_ms, qgis, os, country, channel)| Download {
                version_id,
                at_ms,
                qgis: qgis.map(|(major, minor)| QgisRelease { major, minor }),
                os: OsClass::ALL[os],
                country,
                channel: Channel::ALL[channel],
            })
    }

    proptest! {
        #[test]
        fn a_batch_reads_back(items in proptest::collection::vec(download(), 0..200)) {
            let first = items.first().map_or(0, |item| item.at_ms);
            prop_assert_eq!(decode(FORMAT, first, &encode(&items)).unwrap(), items);
        }

        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..400), first: i64) {
            let _ = decode(FORMAT, first, &body);
        }
    }

    #[test]
    fn a_full_row_of_the_worst_items_fits_the_log() {
        let worst = |n: usize| Download {
            version_id: if n.is_multiple_of(2) { u64::MAX >> 1 } else { 0 },
            at_ms: if n.is_multiple_of(2) { 0 } else { 4_000_000_000_000 },
            qgis: Some(QgisRelease { major: u16::MAX, minor: 999 }),
            os: OsClass::MacOs,
            country: Some(*b"CH"),
            channel: Channel::Toolbelt,
        };
        let items: Vec<_> = (0..BATCH_ITEMS_MAX).map(worst).collect();
        assert!(encode(&items).len() < 60_000);
    }

    #[test]
    fn the_bytes_of_format_1_never_change() {
        let item = Download {
            version_id: 300,
            at_ms: 1_700_000_000_123,
            qgis: Some(QgisRelease { major: 3, minor: 40 }),
            os: OsClass::Linux,
            country: Some(*b"DE"),
            channel: Channel::Qgis,
        };
        let later = Download { at_ms: item.at_ms + 5, version_id: 299, country: None, ..item };
        let golden = [2, 0xd8, 4, 1, 0, 10, 0xe1, 23, 0xe1, 23, 0x11, 0x11, b'D', b'E', 0, 0];
        assert_eq!(encode(&[item, later]), golden);
    }

    #[test]
    fn a_usual_download_costs_less_than_ten_bytes() {
        let usual = |n: u64| Download {
            version_id: 1000 + n * 7919 % 20_000,
            at_ms: 1_700_000_000_000 + i64::try_from(n).unwrap() * 13,
            qgis: Some(QgisRelease { major: 3, minor: 34 }),
            os: OsClass::Windows,
            country: Some(*b"FR"),
            channel: Channel::Qgis,
        };
        let items: Vec<_> = (0..1000).map(usual).collect();
        assert!(encode(&items).len() < 10_000, "{}", encode(&items).len());
    }
}
