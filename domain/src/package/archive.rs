//! The strict gate before a zip of a stranger: what every reader unpacks to the same files, within bounds, passes.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::codes::FindingCode as Code;
use super::end_record::{self, CentralHeader, FrameFault};
use super::entry_name;
use super::finding::{Findings, Place};
use super::limits::PackageLimits;
use super::profile::Profile;

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path inside the zip, beginning with the plugin's folder; folders end in `/`.
    pub name: String,
    /// Bytes when unpacked.
    pub size: u64,
}

/// An archive whose directory could be read; whether it may be taken, the findings say.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// In the order of the directory, which is the order QGIS sees.
    pub(super) entries: Vec<Entry>,
}

/// Opens the archive and tells everything that is wrong with it; none where it cannot be read at all.
///
/// Memory follows the number of entries, time the sum of their unpacked bytes; neither passes the limits.
pub(super) fn open<'a>(
    bytes: &'a [u8],
    profile: &Profile,
    limits: &PackageLimits,
    findings: &mut Findings,
) -> Option<Archive<'a>> {
    if bytes.len() > limits.size_bytes_max {
        let message = format!("the zip has {} bytes; {} are allowed", bytes.len(), limits.size_bytes_max);
        findings.add(Code::PackageTooLarge, Place::package(), message);
        return None;
    }
    let headers = match end_record::directory(bytes, limits.entries_max) {
        Ok(headers) => headers,
        Err(fault) => {
            tell_frame(&fault, limits, findings);
            return None;
        }
    };
    let entries = judge_names(&headers, profile, limits, findings);
    judge_clashes(&entries, limits, findings);
    let bounded = judge_sizes(bytes.len(), &headers, &entries, limits, findings);
    for (header, entry) in headers.iter().zip(&entries) {
        judge_kind(header, entry, findings);
    }
    let mut zip = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(zip) => zip,
        Err(fault) => {
            findings.add(Code::NotAZip, Place::package(), format!("the zip cannot be read: {fault}"));
            return None;
        }
    };
    let consistent = judge_headers(bytes, &mut zip, &headers, findings);
    if consistent && bounded {
        judge_contents(&mut zip, &headers, &entries, findings);
    }
    Some(Archive { zip, entries })
}

impl Archive<'_> {
    /// Whether there is a file of exactly this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The bytes of a file, at most `bytes_max + 1` of them so that the caller sees one too many; none where there is no such
    /// file or it cannot be unpacked.
    pub(super) fn read(&mut self, name: &str, bytes_max: usize) -> Option<Vec<u8>> {
        let at = self.zip.index_for_name_raw(name.as_bytes())?;
        let mut contents = Vec::new();
        let file = self.zip.by_index(at).ok()?;
        file.take(bytes_max as u64 + 1).read_to_end(&mut contents).ok()?;
        Some(contents)
    }
}

fn tell_frame(fault: &FrameFault, limits: &PackageLimits, findings: &mut Findings) {
    let (code, message) = match fault {
        FrameFault::NoEnd => (Code::NotAZip, "the bytes do not end as a zip archive does".to_owned()),
        FrameFault::Directory => (Code::NotAZip, "the archive's directory cannot be read".to_owned()),
        FrameFault::Surrounded(what) => (Code::SurroundedZip, (*what).to_owned()),
        FrameFault::Zip64 => (Code::Zip64, "the archive is in the ZIP64 form".to_owned()),
        FrameFault::TooMany(count) => {
            (Code::TooManyEntries, format!("the zip has {count} entries; {} are allowed", limits.entries_max))
        }
    };
    findings.add(code, Place::package(), message);
}

/// The entries by name; a name that is not UTF-8 is shown as well as can be and never equals a real one that matters.
fn judge_names(
    headers: &[CentralHeader<'_>],
    profile: &Profile,
    limits: &PackageLimits,
    findings: &mut Findings,
) -> Vec<Entry> {
    /// General purpose bit 11: the name is UTF-8.
    const UTF8_FLAG: u16 = 1 << 11;
    let mut entries = Vec::with_capacity(headers.len());
    for header in headers {
        let name = String::from_utf8_lossy(header.name).into_owned();
        let place = || Place::entry(&name);
        let plain = header.name.is_ascii() || header.flags & UTF8_FLAG != 0;
        if !plain || std::str::from_utf8(header.name).is_err() {
            findings.add(Code::EntryNameNotUtf8, place(), "the entry's name is not marked and valid UTF-8");
        }
        for (code, message) in entry_name::faults(&name, profile, limits) {
            findings.add(code, place(), message);
        }
        entries.push(Entry { name, size: header.unpacked_bytes });
    }
    entries
}

/// Names that are one file on some system: the same, the same but for case, a file where a folder is.
fn judge_clashes(entries: &[Entry], limits: &PackageLimits, findings: &mut Findings) {
    let mut names: HashSet<&str> = HashSet::with_capacity(entries.len());
    let mut files: HashMap<String, &str> = HashMap::with_capacity(entries.len());
    for entry in entries {
        if !names.insert(&entry.name) {
            findings.add(
                Code::DuplicateEntry,
                Place::entry(&entry.name),
                "there are two entries of this name",
            );
            continue;
        }
        if entry.name.ends_with('/') {
            continue;
        }
        if let Some(other) = files.insert(entry_name::folded(&entry.name), &entry.name) {
            let message = format!("the name differs from `{other}` only by case or accents");
            findings.add(Code::NamesDifferByCaseOnly, Place::entry(&entry.name), message);
        }
    }
    let mut told = HashSet::new();
    // A longer path is refused already, and one of 60 kB has too many parents to look up.
    for entry in entries.iter().filter(|entry| entry.name.len() <= limits.path_bytes_max) {
        let path = entry_name::folded(&entry.name);
        for (slash, _) in path.match_indices('/') {
            if let Some(file) = files.get(&path[..slash])
                && told.insert(*file)
            {
                findings.add(Code::FileAndFolder, Place::entry(file), "the name is a file and a folder");
            }
        }
    }
}

/// Judges what the directory declares; true when unpacking all of it stays within the limits.
fn judge_sizes(
    size_bytes: usize,
    headers: &[CentralHeader<'_>],
    entries: &[Entry],
    limits: &PackageLimits,
    findings: &mut Findings,
) -> bool {
    let mut bounded = true;
    for entry in entries.iter().filter(|entry| entry.size > limits.entry_bytes_max) {
        bounded = false;
        let message =
            format!("the entry unpacks to {} bytes; {} are allowed", entry.size, limits.entry_bytes_max);
        findings.add(Code::EntryTooLarge, Place::entry(&entry.name), message);
    }
    // Sixteen bits of entries of 32 bits each: the sum cannot pass 64 bits.
    let unpacked: u64 = headers.iter().map(|header| header.unpacked_bytes).sum();
    if unpacked > limits.unpacked_bytes_max {
        bounded = false;
        let message =
            format!("the package unpacks to {unpacked} bytes; {} are allowed", limits.unpacked_bytes_max);
        findings.add(Code::UnpackedTooLarge, Place::package(), message);
    }
    if unpacked > limits.ratio_free_bytes && unpacked > limits.ratio_max.saturating_mul(size_bytes as u64) {
        bounded = false;
        let times = unpacked / (size_bytes as u64).max(1);
        let message =
            format!("the package unpacks to {times} times its size; {} are allowed", limits.ratio_max);
        findings.add(Code::RatioTooHigh, Place::package(), message);
    }
    bounded
}

/// Symbolic links, devices, encryption, odd compression.
fn judge_kind(header: &CentralHeader<'_>, entry: &Entry, findings: &mut Findings) {
    const TYPE: u32 = 0o170_000;
    let place = || Place::entry(&entry.name);
    match header.mode & TYPE {
        // None given, regular file, folder.
        0 | 0o100_000 | 0o040_000 => {}
        0o120_000 => findings.add(Code::SymbolicLink, place(), "the entry is a symbolic link"),
        _ => findings.add(Code::SpecialFile, place(), "the entry is a device, pipe or socket"),
    }
    if is_encrypted(header) {
        findings.add(Code::EncryptedEntry, place(), "the entry is encrypted");
    }
    if !is_supported(header) {
        let message = format!("the entry is compressed by method {}", header.method);
        findings.add(Code::CompressionNotSupported, place(), message);
    }
}

/// General purpose bits 0 (encrypted), 6 (strongly) and 13 (the header too).
fn is_encrypted(header: &CentralHeader<'_>) -> bool {
    header.flags & (1 | 1 << 6 | 1 << 13) != 0
}

/// Stored and deflate: what Python's zipfile can always unpack.
fn is_supported(header: &CentralHeader<'_>) -> bool {
    matches!(header.method, 0 | 8)
}

/// Whether the entries are what the directory says, without overlap and nothing hidden between them.
fn judge_headers(
    bytes: &[u8],
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    headers: &[CentralHeader<'_>],
    findings: &mut Findings,
) -> bool {
    if end_record::overlap(bytes, headers) {
        findings.add(Code::HeadersInconsistent, Place::package(), "entries of the archive overlap");
        return false;
    }
    let same = zip.len() == headers.len()
        && headers.iter().enumerate().all(|(at, header)| {
            zip.by_index_data(at).is_ok_and(|entry| {
                entry.name_raw() == header.name
                    && entry.size() == header.unpacked_bytes
                    && entry.compressed_size() == header.packed_bytes
            })
        });
    let fault = match zip.validate_header_consistency() {
        Ok(()) if same => return true,
        Ok(()) => "an extra field changes what the directory says".to_owned(),
        Err(fault) => fault.to_string(),
    };
    findings.add(Code::HeadersInconsistent, Place::package(), fault);
    false
}

/// Unpacks every entry into nothing, to see that it can be unpacked and its checksum is right.
fn judge_contents(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    headers: &[CentralHeader<'_>],
    entries: &[Entry],
    findings: &mut Findings,
) {
    for (at, (header, entry)) in headers.iter().zip(entries).enumerate() {
        if is_encrypted(header) || !is_supported(header) {
            continue;
        }
        let read = zip.by_index(at).map_err(|fault| fault.to_string()).and_then(|file| {
            std::io::copy(&mut file.take(entry.size + 1), &mut std::io::sink())
                .map_err(|fault| fault.to_string())
        });
        let message = match read {
            Ok(size) if size == entry.size => continue,
            Ok(size) => format!("the entry has {size} bytes where {} are declared", entry.size),
            Err(fault) => format!("the entry cannot be unpacked: {fault}"),
        };
        findings.add(Code::EntryDamaged, Place::entry(&entry.name), message);
    }
}
