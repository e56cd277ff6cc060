//! A key of the vault, read when it is first needed.

use aws_lc_rs::hmac;
use cairn_store::{Db, Ids, StoreError, vault};
use chrono::{DateTime, Utc};
use std::fmt;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The key for one purpose. Clones share it; nodes that share the database have the same.
#[derive(Clone)]
pub(crate) struct VaultKey {
    purpose: &'static str,
    db: Db,
    ids: Arc<Ids>,
    key: Arc<OnceCell<hmac::Key>>,
}

impl VaultKey {
    /// The key for `purpose`; nothing is read yet.
    pub(crate) fn new(purpose: &'static str, db: Db, ids: Arc<Ids>) -> Self {
        Self { purpose, db, ids, key: Arc::default() }
    }

    /// The key itself; made now if this database never had one.
    pub(crate) async fn get(&self, now: DateTime<Utc>) -> Result<&hmac::Key, StoreError> {
        self.key.get_or_try_init(|| self.open(now)).await
    }

    async fn open(&self, now: DateTime<Utc>) -> Result<hmac::Key, StoreError> {
        let mut conn = self.db.read().await?;
        let found = vault::find_secret_key(&mut conn, self.purpose).await?;
        drop(conn);
        let bytes = if let Some(bytes) = found {
            bytes
        } else {
            let mut tx = self.db.begin().await?;
            let bytes = vault::secret_key(&mut tx, self.purpose, self.ids.bytes(), now).await?;
            tx.commit().await?;
            bytes
        };
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKey({})", self.purpose)
    }
}
