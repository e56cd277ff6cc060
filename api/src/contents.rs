//! What is in a stored package, read on demand: its directory, and metadata.txt. Nothing else of it is fetched.

use crate::App;
use cairn_domain::names::Sha256;
use cairn_domain::package::{
    PackageLimits, PackedFile, Partly, TAIL_BYTES, directory_at, packed_files, read, unpack,
};
use cairn_store::{Blobs, StoreError};

/// The longest directory that is read, in bytes: ten thousand entries take three million at the most.
const DIRECTORY_BYTES_MAX: u64 = 8_000_000;

/// Entries of a zip have their own header before their bytes, with a name and an extra field of 65,535 bytes each.
const HEADER_BYTES_MAX: u64 = 30 + 2 * 65_535 + 24;

/// The directory of a stored package.
#[derive(Debug, Clone)]
pub(crate) struct Contents {
    /// Its files by path.
    pub(crate) files: Vec<PackedFile>,
    known: Partly,
}

/// A package in the store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored {
    /// Its digest.
    pub(crate) sha256: Sha256,
    /// Its size in bytes.
    pub(crate) size_bytes: u64,
}

/// Reads the directory of a package.
pub(crate) async fn contents(app: &App, package: Stored) -> Result<Contents, StoreError> {
    let (digest, size) = (package.sha256.to_string(), package.size_bytes);
    let begin = size.saturating_sub(TAIL_BYTES);
    let tail = part(&app.blobs, &digest, begin, size).await?;
    let damaged = || StoreError::BlobDamaged(digest.clone());
    let directory = directory_at(&tail).filter(|at| *at < size).ok_or_else(damaged)?;
    let mut known = Partly::of(size, begin, tail);
    if directory < begin {
        if size - directory > DIRECTORY_BYTES_MAX {
            return Err(damaged());
        }
        known = known.with(directory, part(&app.blobs, &digest, directory, begin).await?);
    }
    let limits = app.intake.limits().clone();
    let read = blocking(move || packed_files(&known, &limits).map(|files| Contents { files, known })).await;
    read.ok_or_else(damaged)
}

/// The keys of a package's metadata.txt with their values, in the order of the file.
pub(crate) async fn metadata(
    app: &App,
    package: Stored,
    contents: &Contents,
) -> Result<Vec<(String, String)>, StoreError> {
    let digest = package.sha256.to_string();
    let damaged = || StoreError::BlobDamaged(digest.clone());
    let is_metadata =
        |file: &&PackedFile| file.name.split_once('/').is_some_and(|(_, path)| path == "metadata.txt");
    let file = contents.files.iter().find(is_metadata).ok_or_else(damaged)?.clone();
    let limits = app.intake.limits().clone();
    let bytes_max = limits.metadata_bytes_max as u64 + HEADER_BYTES_MAX;
    if file.bytes.end - file.bytes.start > bytes_max {
        return Err(damaged());
    }
    let piece = part(&app.blobs, &digest, file.bytes.start, file.bytes.end).await?;
    let known = contents.known.clone().with(file.bytes.start, piece);
    let general = blocking(move || general(&known, &file.name, &limits)).await;
    general.ok_or_else(damaged)
}

fn general(known: &Partly, name: &str, limits: &PackageLimits) -> Option<Vec<(String, String)>> {
    let text = unpack(known, name, limits.metadata_bytes_max)?;
    Some(read(&text, limits).ok()?.general)
}

async fn part(blobs: &Blobs, digest: &str, begin: u64, end: u64) -> Result<Vec<u8>, StoreError> {
    Ok(blobs.get_range(digest, begin..end).await?.to_vec())
}

/// Large directories take some milliseconds, which the threads that answer do not have.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("reading neither panics nor is cancelled")
}
