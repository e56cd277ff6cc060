//! Texts that a browser keeps for us and can neither read nor change.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_store::{Clock, Db, Ids, Result, vault};
use std::fmt;
use std::sync::Arc;

/// What the key is called in the vault.
const PURPOSE: &str = "sealed cookies";

/// The longest text that is opened: browsers keep cookies of 4096 bytes.
const SEALED_BYTES_MAX: usize = 4096;

/// Closes and opens texts. Clones share the key, as do nodes that share the database.
#[derive(Clone)]
pub(super) struct Seal {
    key: Arc<RandomizedNonceKey>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// The seal of this database; makes the key on first use.
    pub(super) async fn open(db: &Db, clock: &dyn Clock, ids: &Ids) -> Result<Self> {
        let mut conn = db.read().await?;
        let found = vault::find_secret_key(&mut conn, PURPOSE).await?;
        drop(conn);
        let key = if let Some(key) = found {
            key
        } else {
            let mut tx = db.begin().await?;
            let key = vault::secret_key(&mut tx, PURPOSE, ids.bytes(), clock.now()).await?;
            tx.commit().await?;
            key
        };
        Ok(Self::of_key(&key))
    }

    fn of_key(key: &[u8; 32]) -> Self {
        let key = RandomizedNonceKey::new(&AES_256_GCM, key).expect("a key of AES-256 has 32 bytes");
        Self { key: Arc::new(key) }
    }

    /// The text, closed, in characters that a cookie may have.
    pub(super) fn close(&self, mut text: Vec<u8>) -> String {
        let sealed = self.key.seal_in_place_append_tag(Aad::empty(), &mut text);
        let nonce = sealed.expect("the text is far shorter than AES-GCM takes");
        let whole = [nonce.as_ref().as_slice(), text.as_slice()].concat();
        URL_SAFE_NO_PAD.encode(whole)
    }

    /// The text again; nothing if it was not closed here, or changed since.
    pub(super) fn open_text(&self, sealed: &str) -> Option<Vec<u8>> {
        if sealed.len() > SEALED_BYTES_MAX {
            return None;
        }
        let whole = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, text) = whole.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        self.key.open_in_place(nonce, Aad::empty(), &mut text).ok().map(|opened| opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_closed_opens_unchanged_and_nothing_else_does() {
        let (ours, theirs) = (Seal::of_key(&[7; 32]), Seal::of_key(&[8; 32]));
        let text = b"state and nonce".to_vec();
        let sealed = ours.close(text.clone());
        assert_eq!(ours.open_text(&sealed), Some(text.clone()));
        assert_eq!(theirs.open_text(&sealed), None);
        assert_ne!(ours.close(text), sealed, "two closed texts do not tell that they are the same");
        let last = if sealed.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{last}", &sealed[..sealed.len() - 1]);
        for bad in ["", "é", "AAAA", &sealed[1..], &changed, &"A".repeat(SEALED_BYTES_MAX + 1)] {
            assert_eq!(ours.open_text(bad), None, "{bad}");
        }
    }
}
