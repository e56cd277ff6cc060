//! The end of a zip and its directory, read by ourselves: what the zip crate's map of names cannot show.
//!
//! Two readers must never see two different archives in the same bytes. So the end record must end the bytes, the directory
//! must end where the end record begins, the entries must begin the bytes, and there must be exactly one end record that fits.

/// The parts of the directory's headers that the gate judges, as they stand in the bytes.
#[derive(Debug)]
pub(super) struct CentralHeader<'a> {
    pub(super) name: &'a [u8],
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) packed_bytes: u64,
    pub(super) unpacked_bytes: u64,
    /// Where the entry itself begins.
    pub(super) offset: usize,
    /// The upper half of the external attributes: a Unix mode where the archiver wrote one, else 0.
    pub(super) mode: u32,
}

/// Why the frame of an archive is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FrameFault {
    NoEnd,
    Surrounded(&'static str),
    Zip64,
    TooMany(usize),
    Directory,
}

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const CENTRAL: &[u8] = b"PK\x01\x02";
const CENTRAL_BYTES: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
/// An end record's comment has a two-byte length.
const COMMENT_BYTES_MAX: usize = 65_535;

/// The headers of the directory, at most `entries_max`.
pub(super) fn directory(bytes: &[u8], entries_max: usize) -> Result<Vec<CentralHeader<'_>>, FrameFault> {
    let end = end_record(bytes)?;
    let record = &bytes[end..];
    let (here, disks, count, total) =
        (u16_at(record, 8), u32_at(record, 4), u16_at(record, 8), u16_at(record, 10));
    let (size, start) = (u32_at(record, 12), u32_at(record, 16));
    if count == u16::MAX || size == u32::MAX || start == u32::MAX {
        return Err(FrameFault::Zip64);
    }
    if disks != 0 || here != total {
        return Err(FrameFault::Surrounded("the archive is split over several files"));
    }
    if usize::from(count) > entries_max {
        return Err(FrameFault::TooMany(count.into()));
    }
    let (start, size) = (start as usize, size as usize);
    if start.checked_add(size) != Some(end) {
        let zip64 = bytes[..end].len() >= 20 && bytes[end - 20..end].starts_with(b"PK\x06\x07");
        return Err(if zip64 {
            FrameFault::Zip64
        } else {
            FrameFault::Surrounded("the directory does not end where the end record begins")
        });
    }
    if count > 0 && !bytes.starts_with(LOCAL) {
        return Err(FrameFault::Surrounded("the archive does not begin with its first entry"));
    }
    headers(&bytes[start..end], count)
}

/// Where the directory begins, by the last bytes of a zip.
pub(super) fn directory_start(tail: &[u8]) -> Option<u64> {
    let end = end_record(tail).ok()?;
    Some(u32_at(&tail[end..], 16).into())
}

/// The place of the one end record that ends the bytes.
fn end_record(bytes: &[u8]) -> Result<usize, FrameFault> {
    let from = bytes.len().saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
    let tail = &bytes[from..];
    let mut places = tail.windows(END.len()).enumerate().filter(|(_, four)| *four == END).map(|(at, _)| at);
    let fits = |at: &usize| {
        tail.len() >= at + END_BYTES && at + END_BYTES + usize::from(u16_at(&tail[*at..], 20)) == tail.len()
    };
    let last = places.clone().next_back().ok_or(FrameFault::NoEnd)?;
    if !fits(&last) {
        return Err(FrameFault::Surrounded("bytes follow the end record"));
    }
    if places.any(|at| at != last && fits(&at)) {
        return Err(FrameFault::Surrounded("there are two end records"));
    }
    Ok(from + last)
}

fn headers(mut directory: &[u8], count: u16) -> Result<Vec<CentralHeader<'_>>, FrameFault> {
    let mut headers = Vec::with_capacity(count.into());
    for _ in 0..count {
        if directory.len() < CENTRAL_BYTES || !directory.starts_with(CENTRAL) {
            return Err(FrameFault::Directory);
        }
        let name_end = CENTRAL_BYTES + usize::from(u16_at(directory, 28));
        let next = name_end + usize::from(u16_at(directory, 30)) + usize::from(u16_at(directory, 32));
        let (packed, unpacked, offset) =
            (u32_at(directory, 20), u32_at(directory, 24), u32_at(directory, 42));
        if [packed, unpacked, offset].contains(&u32::MAX) {
            return Err(FrameFault::Zip64);
        }
        headers.push(CentralHeader {
            name: directory.get(CENTRAL_BYTES..name_end).ok_or(FrameFault::Directory)?,
            flags: u16_at(directory, 8),
            method: u16_at(directory, 10),
            packed_bytes: packed.into(),
            unpacked_bytes: unpacked.into(),
            offset: offset as usize,
            mode: u32_at(directory, 38) >> 16,
        });
        directory = directory.get(next..).ok_or(FrameFault::Directory)?;
    }
    if directory.is_empty() { Ok(headers) } else { Err(FrameFault::Directory) }
}

/// Whether two entries share bytes, or one is not there at all.
///
/// The zip crate tells as well, but reads each entry's header before it compares: ten thousand entries on one large header
/// would keep it busy for seconds.
pub(super) fn overlap(bytes: &[u8], headers: &[CentralHeader<'_>]) -> bool {
    let mut ranges = Vec::with_capacity(headers.len());
    for header in headers {
        let Some(local) = bytes.get(header.offset..).filter(|local| local.len() >= LOCAL_BYTES) else {
            return true;
        };
        let names = usize::from(u16_at(local, 26)) + usize::from(u16_at(local, 28));
        ranges.push((
            header.offset as u64,
            header.offset as u64 + (LOCAL_BYTES + names) as u64 + header.packed_bytes,
        ));
    }
    ranges.sort_unstable();
    ranges.windows(2).any(|pair| pair[0].1 > pair[1].0)
}

/// A little-endian number inside a record whose length was checked.
fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from(u16_at(record, at)) | u32::from(u16_at(record, at + 2)) << 16
}
