//! Passwords that leaked elsewhere: a file on disk, asked without being read whole.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a SHA-1 in hexadecimal digits.
const SHA1_CHARS: usize = 40;

/// The longest line of the file, in bytes, its end included: a digest, a colon and a number of up to 20 digits.
const LINE_BYTES_MAX: usize = 64;

/// A list of SHA-1 digests, one in a line, sorted, each perhaps with `:` and how often it leaked: the form in which Have I Been
/// Pwned gives its list away. Clones share the file.
#[derive(Debug, Clone)]
pub struct LeakedPasswords {
    file: Arc<Mutex<File>>,
    bytes: u64,
}

impl LeakedPasswords {
    /// Opens the list; an error if its first line is no digest.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let list = Self { file: Arc::new(Mutex::new(file)), bytes };
        if bytes > 0 {
            list.with_file(|file| line_at(file, 0))?;
        }
        Ok(list)
    }

    /// Whether the password is in the list. Some thirty short reads: run it on a blocking thread.
    pub fn contains(&self, password: &str) -> io::Result<bool> {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        let wanted = crate::link::hex(digest.as_ref()).to_uppercase();
        self.with_file(|file| find(file, self.bytes, wanted.as_bytes()))
    }

    fn with_file<T>(&self, read: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        // A reader that panicked left nothing but the file's position, which each reader sets anew.
        read(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Looks for a digest between lines: `low` is always the beginning of a line, and the digest is in no line before it.
fn find(file: &mut File, bytes: u64, wanted: &[u8]) -> io::Result<bool> {
    let (mut low, mut high) = (0, bytes);
    while low < high {
        let middle = low + (high - low) / 2;
        let start = line_start(file, low, middle)?;
        let (digest, next) = line_at(file, start)?;
        match digest.as_slice().cmp(wanted) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = next,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    Ok(false)
}

/// Where the line begins that the byte at `at` is in; not before `low`, which begins one.
fn line_start(file: &mut File, low: u64, at: u64) -> io::Result<u64> {
    let from = low.max(at.saturating_sub(LINE_BYTES_MAX as u64));
    let before = read_at(file, from, usize::try_from(at - from).unwrap_or(LINE_BYTES_MAX))?;
    match before.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => Ok(from + end as u64 + 1),
        None if from == low => Ok(low),
        None => Err(damaged(at)),
    }
}

/// The digest of the line that begins at `start`, in capitals, and where the next line begins.
fn line_at(file: &mut File, start: u64) -> io::Result<(Vec<u8>, u64)> {
    let bytes = read_at(file, start, LINE_BYTES_MAX)?;
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let length = match end {
        Some(end) => end + 1,
        None if bytes.len() < LINE_BYTES_MAX => bytes.len(),
        None => return Err(damaged(start)),
    };
    let digest = bytes.get(..SHA1_CHARS).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let ends = bytes.get(SHA1_CHARS).is_none_or(|after| matches!(after, b':' | b'\r' | b'\n'));
    let digest = digest.filter(|_| ends).ok_or_else(|| damaged(start))?;
    Ok((digest.to_ascii_uppercase(), start + length as u64))
}

fn read_at(file: &mut File, from: u64, length: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn damaged(at: u64) -> io::Error {
    let text = format!("at byte {at} is no line of a SHA-1 digest with or without a number");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha1(password: &str) -> String {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        crate::link::hex(digest.as_ref()).to_uppercase()
    }

    fn list(text: &str) -> (tempfile::TempDir, io::Result<LeakedPasswords>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("leaked.txt");
        std::fs::write(&path, text).unwrap();
        let list = LeakedPasswords::open(&path);
        (folder, list)
    }

    #[test]
    fn every_line_is_found_and_nothing_else() {
        let passwords: Vec<String> = (0..300).map(|n| format!("password{n}")).collect();
        for (separator, last) in [("\r\n", "\r\n"), ("\n", "\n"), ("\n", "")] {
            for numbered in [true, false] {
                let line = |(n, digest): (usize, &String)| {
                    if numbered { format!("{digest}:{}", n * n * 997) } else { digest.to_lowercase() }
                };
                let mut digests: Vec<String> = passwords.iter().map(|password| sha1(password)).collect();
                digests.sort();
                let lines: Vec<String> = digests.iter().enumerate().map(line).collect();
                let (_folder, list) = list(&(lines.join(separator) + last));
                let list = list.unwrap();
                for password in &passwords {
                    assert!(list.contains(password).unwrap(), "{password}");
                }
                for n in 300..600 {
                    assert!(!list.contains(&format!("password{n}")).unwrap(), "{n}");
                }
            }
        }
    }

    #[test]
    fn an_empty_list_holds_nothing() {
        let (_folder, list) = list("");
        assert!(!list.unwrap().contains("password").unwrap());
    }

    #[test]
    fn another_file_is_refused() {
        let long = format!("{}:{}\n", sha1("a"), "1".repeat(LINE_BYTES_MAX - SHA1_CHARS - 1));
        for text in ["password\n123456\n", "\n", &sha1("a")[..39], &format!("{}0\n", sha1("a")), &long] {
            assert_eq!(list(text).1.unwrap_err().kind(), io::ErrorKind::InvalidData, "{text}");
        }
        let edge = format!("{}:{}\n", sha1("a"), "1".repeat(LINE_BYTES_MAX - SHA1_CHARS - 2));
        assert!(list(&edge).1.unwrap().contains("a").unwrap());
    }
}
