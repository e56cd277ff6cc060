//! What is in a package that was taken in before: its directory and single files, from parts of its bytes.
//!
//! A stored package passed [`inspect`](super::inspect), so this only reads. Whoever holds the bytes gives the end of the zip first,
//! and then the parts that [`directory_at`] and [`PackedFile::bytes`] name, so that no more is fetched than is asked for.

use super::end_record;
use super::limits::PackageLimits;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use zip::ZipArchive;

/// How much of the end of a zip to give first: it holds the directory of all but large packages.
pub const TAIL_BYTES: u64 = 128 * 1024;

/// The bytes of a zip as far as they are at hand. What is not reads as zeros.
#[derive(Debug, Clone, Default)]
pub struct Partly {
    size: u64,
    pieces: Vec<(u64, Vec<u8>)>,
}

/// A file of a package as its directory has it; folders have no entry here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedFile {
    /// The path inside the zip, beginning with the plugin's folder.
    pub name: String,
    /// Bytes when unpacked.
    pub size: u64,
    /// Bytes in the zip.
    pub packed_size: u64,
    /// The checksum of its content: files of the same size and checksum are taken to be the same.
    pub crc32: u32,
    /// Where in the zip all of it is.
    pub bytes: Range<u64>,
}

impl Partly {
    /// A zip of this size, of which `piece` is at `at`.
    pub fn of(size: u64, at: u64, piece: Vec<u8>) -> Self {
        Self { size, pieces: vec![(at, piece)] }
    }

    /// The same with another piece.
    #[must_use]
    pub fn with(mut self, at: u64, piece: Vec<u8>) -> Self {
        self.pieces.push((at, piece));
        self
    }

    fn reader(&self) -> Reader<'_> {
        Reader { known: self, at: 0 }
    }

    fn archive(&self) -> Option<ZipArchive<Reader<'_>>> {
        ZipArchive::new(self.reader()).ok()
    }
}

/// Where the directory of a zip begins, by its last bytes; none where they do not end one.
pub fn directory_at(tail: &[u8]) -> Option<u64> {
    end_record::directory_start(tail)
}

/// The files of a zip whose directory is known, by name; none where it cannot be read or has more entries than packages may.
pub fn packed_files(known: &Partly, limits: &PackageLimits) -> Option<Vec<PackedFile>> {
    let archive = known.archive()?;
    if archive.len() > limits.entries_max {
        return None;
    }
    let mut files = Vec::with_capacity(archive.len());
    let mut begins = Vec::with_capacity(archive.len() + 1);
    for at in 0..archive.len() {
        let entry = archive.by_index_data(at).ok()?;
        let begin = entry.header_start();
        begins.push(begin);
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if !name.ends_with('/') {
            let (size, packed_size) = (entry.size(), entry.compressed_size());
            files.push(PackedFile { name, size, packed_size, crc32: entry.crc32(), bytes: begin..begin });
        }
    }
    begins.push(archive.central_directory_start());
    begins.sort_unstable();
    for file in &mut files {
        // The gate lets no bytes stand between entries, so each reaches to the next.
        let next = begins.partition_point(|begin| *begin <= file.bytes.start);
        file.bytes.end = *begins.get(next)?;
    }
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Some(files)
}

/// The content of a file, of which directory and bytes are known; none where there is no such file, it is longer than `bytes_max`
/// or it cannot be unpacked.
pub fn unpack(known: &Partly, name: &str, bytes_max: usize) -> Option<Vec<u8>> {
    let mut archive = known.archive()?;
    let at = archive.index_for_name_raw(name.as_bytes())?;
    let file = archive.by_index(at).ok()?;
    let mut content = Vec::new();
    file.take(bytes_max as u64 + 1).read_to_end(&mut content).ok()?;
    Some(content).filter(|content| content.len() <= bytes_max)
}

/// Reads what is known.
#[derive(Debug, Clone)]
struct Reader<'k> {
    known: &'k Partly,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.known.size.saturating_sub(self.at);
        let mut n = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let covering = self.known.pieces.iter().find_map(|(begin, piece)| {
            let skip = usize::try_from(self.at.checked_sub(*begin)?).ok()?;
            piece.get(skip..).filter(|rest| !rest.is_empty())
        });
        if let Some(piece) = covering {
            n = n.min(piece.len());
            into[..n].copy_from_slice(&piece[..n]);
        } else {
            let begins = self.known.pieces.iter().map(|(begin, _)| *begin).filter(|begin| *begin > self.at);
            if let Some(next) = begins.min() {
                n = n.min(usize::try_from(next - self.at).unwrap_or(usize::MAX));
            }
            into[..n].fill(0);
        }
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.known.size.checked_add_signed(by),
        };
        self.at = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::testing::PackageBuilder;

    const SCRIPT: &[u8] = &[b'#'; 4000];

    fn zip() -> Vec<u8> {
        let package = PackageBuilder::new("lasso").raw_metadata("[general]\nname=Lasso\n");
        package.file("script.py", SCRIPT).build()
    }

    fn part(zip: &[u8], range: Range<u64>) -> Vec<u8> {
        zip[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()].to_vec()
    }

    #[test]
    fn a_file_is_read_of_its_own_bytes_and_the_directory_alone() {
        let zip = zip();
        let size = zip.len() as u64;
        let at = directory_at(&zip[zip.len() - 30..]).unwrap();
        let known = Partly::of(size, at, part(&zip, at..size));
        let files = packed_files(&known, &PackageLimits::default()).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["lasso/LICENSE", "lasso/__init__.py", "lasso/metadata.txt", "lasso/script.py"]);
        assert_eq!((files[3].size, files[3].packed_size < 100), (4000, true));
        assert_eq!(unpack(&known, "lasso/script.py", 10_000), None, "its bytes are not there");
        let bytes = files[3].bytes.clone();
        let known = known.with(bytes.start, part(&zip, bytes));
        assert_eq!(unpack(&known, "lasso/script.py", 4000).unwrap(), SCRIPT);
        assert_eq!(unpack(&known, "lasso/script.py", 3999), None, "longer than asked for");
        assert_eq!(unpack(&known, "lasso/other.txt", 10), None);
    }

    #[test]
    fn what_is_no_zip_has_no_files() {
        assert_eq!(directory_at(b"no zip"), None);
        assert_eq!(packed_files(&Partly::of(6, 0, b"no zip".to_vec()), &PackageLimits::default()), None);
        let limits = PackageLimits { entries_max: 1, ..PackageLimits::default() };
        let zip = zip();
        assert_eq!(packed_files(&Partly::of(zip.len() as u64, 0, zip), &limits), None);
    }
}
