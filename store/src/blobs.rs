//! Package files by the SHA-256 of their content, in a folder or in an S3 bucket.
//!
//! A file is stored before the event that names it, so that an event never names what is not there. The name
//! of a file is its digest, `sha256/ab/cdef…`: never a word of a user, and the same bytes are stored once.

mod staged;

use crate::{Result, StoreError};
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use sha2::Digest as _;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// The stored packages. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one: object stores are durable by contract, a folder needs care.
    folder: Option<PathBuf>,
}

impl Blobs {
    /// Opens a folder (`/var/lib/cairn/packages`, made if it is not there) or a bucket
    /// (`s3://bucket/prefix`). `options` are for S3, by the names of object_store: `endpoint`, `region`,
    /// `access_key_id`, `secret_access_key`, `allow_http` …; others are an error.
    pub fn open(location: &str, options: &[(String, String)]) -> Result<Self> {
        if location.starts_with("s3://") {
            return Self::bucket(location, options);
        }
        Self::folder(location.strip_prefix("file://").unwrap_or(location))
    }

    fn folder(folder: &str) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|source| StoreError::Io { path: folder.into(), source })?;
        // The file, then the folder's entry for it, are on disk before a put returns.
        let store = LocalFileSystem::new_with_prefix(folder).map_err(StoreError::Blobs)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder.into()) })
    }

    fn bucket(url: &str, options: &[(String, String)]) -> Result<Self> {
        let mut builder = AmazonS3Builder::new().with_url(url);
        for (name, value) in options {
            let key: AmazonS3ConfigKey = name.parse().map_err(StoreError::Blobs)?;
            builder = builder.with_config(key, value);
        }
        let store = builder.build().map_err(StoreError::Blobs)?;
        let prefix = url.trim_start_matches("s3://").split_once('/').map_or("", |(_, prefix)| prefix);
        let prefix = Path::parse(prefix).map_err(|error| StoreError::Blobs(error.into()))?;
        Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: None })
    }

    /// Stores bytes and answers their SHA-256 as 64 lower-case hexadecimal digits. When it returns they are
    /// durable. Bytes that are there already are left alone.
    pub async fn put(&self, bytes: Bytes) -> Result<String> {
        let (digest, size) = (sha256_hex(&bytes), bytes.len() as u64);
        let path = path_of(&digest)?;
        match self.store.put_opts(&path, PutPayload::from(bytes), PutMode::Create.into()).await {
            Ok(_) => Ok(digest),
            Err(Error::AlreadyExists { .. }) => {
                if self.size(&digest).await? != size {
                    return Err(StoreError::BlobDamaged(digest));
                }
                self.sync_folder_of(&digest)?;
                Ok(digest)
            }
            // A server may refuse what it has before it has read it all, and then the connection breaks while we still send.
            Err(error) => match self.size(&digest).await {
                Ok(stored) if stored == size && self.folder.is_none() => Ok(digest),
                _ => Err(StoreError::Blobs(error)),
            },
        }
    }

    /// The whole file, checked against its digest. [`StoreError::BlobMissing`], [`StoreError::BlobDamaged`].
    pub async fn get(&self, digest: &str) -> Result<Bytes> {
        let found = self.store.get(&path_of(digest)?).await.map_err(|error| missing(digest, error))?;
        let bytes = found.bytes().await.map_err(|error| missing(digest, error))?;
        if sha256_hex(&bytes) == digest { Ok(bytes) } else { Err(StoreError::BlobDamaged(digest.into())) }
    }

    /// A part of the file, not checked. The range must not be empty and must begin within the file; its end
    /// is cut to the file's.
    pub async fn get_range(&self, digest: &str, range: Range<u64>) -> Result<Bytes> {
        self.store.get_range(&path_of(digest)?, range).await.map_err(|error| missing(digest, error))
    }

    /// The file, or a part of it as in [`Blobs::get_range`], piece by piece and not checked: for sending what
    /// is too large for memory.
    pub async fn stream(
        &self,
        digest: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found =
            self.store.get_opts(&path_of(digest)?, options).await.map_err(|error| missing(digest, error))?;
        let digest = digest.to_owned();
        Ok(found.into_stream().map(move |piece| piece.map_err(|error| missing(&digest, error))).boxed())
    }

    /// How many bytes the file has.
    pub async fn size(&self, digest: &str) -> Result<u64> {
        Ok(self.store.head(&path_of(digest)?).await.map_err(|error| missing(digest, error))?.size)
    }

    /// Whether the file is stored.
    pub async fn exists(&self, digest: &str) -> Result<bool> {
        match self.size(digest).await {
            Ok(_) => Ok(true),
            Err(StoreError::BlobMissing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes an entry durable that another put made and may not have made durable yet, because it is still at
    /// it or died.
    fn sync_folder_of(&self, digest: &str) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut folder = folder.join("sha256").join(&digest[..2]);
        for _ in 0..3 {
            std::fs::File::open(&folder)
                .and_then(|folder| folder.sync_all())
                .map_err(|source| StoreError::Io { path: folder.display().to_string(), source })?;
            folder.pop();
        }
        Ok(())
    }
}

/// The SHA-256 of bytes as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes all");
        hex
    })
}

fn path_of(digest: &str) -> Result<Path> {
    let hexadecimal = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    if digest.len() != 64 || !digest.bytes().all(hexadecimal) {
        return Err(StoreError::BadDigest(digest.into()));
    }
    Ok(Path::from(format!("sha256/{}/{}", &digest[..2], &digest[2..])))
}

fn missing(digest: &str, error: Error) -> StoreError {
    match error {
        Error::NotFound { .. } => StoreError::BlobMissing(digest.into()),
        error => StoreError::Blobs(error),
    }
}
