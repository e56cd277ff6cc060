//! Bytes that wait for somebody's word, under an id of their own. The same bytes twice are kept twice, so that either can be
//! deleted without looking for who else needs them.

use super::Blobs;
use crate::{Result, StoreError};
use bytes::Bytes;
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt, PutPayload};
use uuid::Uuid;

impl Blobs {
    /// Keeps bytes under an id until [`Blobs::delete_staged`]; when it returns they are stored.
    pub async fn put_staged(&self, id: Uuid, bytes: Bytes) -> Result<()> {
        let put = self.store.put(&path_of(id), PutPayload::from(bytes)).await;
        put.map(drop).map_err(StoreError::Blobs)
    }

    /// The bytes kept under an id. [`StoreError::BlobMissing`] if there are none.
    pub async fn staged(&self, id: Uuid) -> Result<Bytes> {
        let missing = |error| match error {
            Error::NotFound { .. } => StoreError::BlobMissing(id.to_string()),
            error => StoreError::Blobs(error),
        };
        self.store.get(&path_of(id)).await.map_err(missing)?.bytes().await.map_err(missing)
    }

    /// Deletes what is kept under an id; nothing kept is no error.
    pub async fn delete_staged(&self, id: Uuid) -> Result<()> {
        match self.store.delete(&path_of(id)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::Blobs(error)),
        }
    }
}

fn path_of(id: Uuid) -> Path {
    Path::from(format!("staged/{}", id.simple()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_are_kept_by_id_and_can_be_deleted_without_a_trace() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path().to_str().unwrap(), &[]).unwrap();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let bytes = Bytes::from_static(b"PK");
        for id in [one, other] {
            blobs.put_staged(id, bytes.clone()).await.unwrap();
        }
        blobs.delete_staged(one).await.unwrap();
        blobs.delete_staged(one).await.unwrap();
        assert!(matches!(blobs.staged(one).await, Err(StoreError::BlobMissing(_))));
        assert_eq!(blobs.staged(other).await.unwrap(), bytes, "the same bytes are another's");
        blobs.delete_staged(other).await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("staged")).unwrap().count(), 0);
    }
}
