//! The author lines of packages, and the words by which plugins are found through them. They go together: a line that no package has
//! any more leaves no word behind.

use super::PackageAuthor;
use crate::{Bulk, Result, Session, Tx, on};
use std::sync::LazyLock;

/// How an author line is compared, ordered and found.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorWords {
    /// The line as two of them are the same; the same bytes for every package that has it.
    pub key: String,
    /// Its words, folded.
    pub words: Vec<String>,
}

impl std::fmt::Debug for AuthorWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorWords").finish_non_exhaustive()
    }
}

static PUT_WORD: LazyLock<Bulk> = LazyLock::new(|| Bulk::new(include_str!("../../sql/put_author_word.sql")));

/// Writes the author of a package, or writes over the one it had.
pub async fn put_package_author(tx: &mut Tx, author: &PackageAuthor, found_by: &AuthorWords) -> Result<()> {
    let before: Option<(Option<Vec<u8>>,)> =
        on!(tx, |c| sqlx::query_as(include_str!("../../sql/author_key_of_package.sql"))
            .bind(&author.sha256)
            .fetch_optional(&mut *c)
            .await)?;
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_package_author.sql"))
        .bind(&author.sha256)
        .bind(&author.author)
        .bind(&author.email)
        .bind(found_by.key.as_bytes())
        .execute(&mut *c)
        .await
        .map(drop))?;
    put_words(tx, found_by).await?;
    match before.and_then(|(key,)| key) {
        Some(key) if key != found_by.key.as_bytes() => forget_words(tx, &key).await,
        _ => Ok(()),
    }
}

/// Forgets the author of a package; answers whether there was one.
pub async fn erase_package_author(tx: &mut Tx, sha256: &str) -> Result<bool> {
    let erased: Option<(Option<Vec<u8>>,)> =
        on!(tx, |c| sqlx::query_as(include_str!("../../sql/erase_package_author.sql"))
            .bind(sha256)
            .fetch_optional(&mut *c)
            .await)?;
    if let Some((Some(key),)) = &erased {
        forget_words(tx, key).await?;
    }
    Ok(erased.is_some())
}

/// Authors that a program wrote which knew of no words, up to `limit`.
pub async fn authors_without_words(session: &mut impl Session, limit: u32) -> Result<Vec<PackageAuthor>> {
    let rows: Vec<(String, String, String)> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/authors_without_words.sql"))
            .bind(i64::from(limit))
            .fetch_all(&mut *c)
            .await)?;
    Ok(rows.into_iter().map(|(sha256, author, email)| PackageAuthor { sha256, author, email }).collect())
}

/// Gives an author of [`authors_without_words`] their words, unless the author was erased meanwhile.
pub async fn fill_author_words(tx: &mut Tx, sha256: &str, found_by: &AuthorWords) -> Result<()> {
    let filled = on!(tx, |c| sqlx::query(include_str!("../../sql/fill_author_key.sql"))
        .bind(sha256)
        .bind(found_by.key.as_bytes())
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))?;
    if filled == 0 { Ok(()) } else { put_words(tx, found_by).await }
}

async fn put_words(tx: &mut Tx, found_by: &AuthorWords) -> Result<()> {
    let key = found_by.key.as_bytes();
    let rows: Vec<_> = found_by.words.iter().map(|word| vec![word.as_bytes().into(), key.into()]).collect();
    PUT_WORD.rows(tx, &rows).await.map(drop)
}

/// Unless another package has the same line.
async fn forget_words(tx: &mut Tx, key: &[u8]) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/forget_author_words.sql"))
        .bind(key)
        .execute(&mut *c)
        .await
        .map(drop))
}
