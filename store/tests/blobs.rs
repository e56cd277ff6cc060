//! Packages in a folder. The bucket is tested against a real S3 server by the house's own tests.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

use bytes::Bytes;
use cairn_store::{Blobs, StoreError, sha256_hex};
use futures_util::TryStreamExt;

const BYTES: &[u8] = b"PK\x03\x04 a package";

fn open() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path().join("packages").to_str().unwrap(), &[]).unwrap();
    (folder, blobs)
}

#[tokio::test]
async fn bytes_are_found_by_their_digest() {
    let (folder, blobs) = open();
    let digest = blobs.put(Bytes::from_static(BYTES)).await.unwrap();
    assert_eq!(digest, sha256_hex(BYTES));
    assert_eq!(blobs.put(Bytes::from_static(BYTES)).await.unwrap(), digest);
    assert_eq!(blobs.get(&digest).await.unwrap(), BYTES);
    assert_eq!(blobs.size(&digest).await.unwrap(), BYTES.len() as u64);
    assert!(blobs.exists(&digest).await.unwrap());
    let file = folder.path().join("packages/sha256").join(&digest[..2]).join(&digest[2..]);
    assert_eq!(std::fs::read(file).unwrap(), BYTES);
}

#[tokio::test]
async fn parts_are_cut_at_the_end_of_the_file() {
    let (_folder, blobs) = open();
    let digest = blobs.put(Bytes::from_static(BYTES)).await.unwrap();
    assert_eq!(blobs.get_range(&digest, 0..2).await.unwrap(), "PK");
    assert_eq!(blobs.get_range(&digest, 7..999).await.unwrap(), "package");
    assert!(blobs.get_range(&digest, 999..1000).await.is_err());
    let pieces = |range| async {
        Ok::<_, StoreError>(blobs.stream(&digest, range).await?.try_collect::<Vec<_>>().await?.concat())
    };
    assert_eq!(pieces(None).await.unwrap(), BYTES);
    assert_eq!(pieces(Some(7..10)).await.unwrap(), b"pac");
}

#[tokio::test]
async fn what_is_not_there_or_not_a_digest_is_told_apart() {
    let (_folder, blobs) = open();
    let absent = "0".repeat(64);
    assert!(matches!(blobs.get(&absent).await, Err(StoreError::BlobMissing(_))));
    assert!(matches!(blobs.get_range(&absent, 0..1).await, Err(StoreError::BlobMissing(_))));
    assert!(matches!(blobs.stream(&absent, None).await, Err(StoreError::BlobMissing(_))));
    assert!(!blobs.exists(&absent).await.unwrap());
    for bad in ["", "../../etc/passwd", &"A".repeat(64), &"0".repeat(63)] {
        assert!(matches!(blobs.get(bad).await, Err(StoreError::BadDigest(_))), "{bad}");
    }
}

#[tokio::test]
async fn damage_is_noticed() {
    let (folder, blobs) = open();
    let digest = blobs.put(Bytes::from_static(BYTES)).await.unwrap();
    let file = folder.path().join("packages/sha256").join(&digest[..2]).join(&digest[2..]);
    std::fs::write(&file, b"PK\x03\x04 A package").unwrap();
    assert!(matches!(blobs.get(&digest).await, Err(StoreError::BlobDamaged(_))));
    std::fs::write(&file, b"PK").unwrap();
    assert!(matches!(blobs.put(Bytes::from_static(BYTES)).await, Err(StoreError::BlobDamaged(_))));
}

#[test]
fn a_bucket_needs_known_options() {
    let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let good = [
        option("endpoint", "http://127.0.0.1:9"),
        option("region", "us-east-1"),
        option("allow_http", "true"),
    ];
    assert!(Blobs::open("s3://bucket/some/prefix", &good).is_ok());
    assert!(Blobs::open("s3://bucket", &[option("endpiont", "x")]).is_err());
}
