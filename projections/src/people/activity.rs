//! Questions about what was done: by whom, how often, and by which token a file came.

use crate::columns::{list_of_texts, signed, unsigned};
use crate::downloads::{day, day_column};
use crate::{Name, Read};
use cairn_domain::ids::{AccountId, PublisherId};
use cairn_store::{Position, Result, engine_sql, on, rows, sqlx};
use chrono::NaiveDate;
use std::collections::HashMap;
use uuid::Uuid;

/// What is counted by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Somebody made an account.
    Account,
    /// A plugin was registered.
    Plugin,
    /// A file came: a version was uploaded, or its file replaced.
    Upload,
    /// A version was approved.
    Approval,
}

/// How often something was done on a day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeedsOfDay {
    /// The day.
    pub day: NaiveDate,
    /// What.
    pub deed: Deed,
    /// How often.
    pub n: u64,
}

/// By what a version's present file came, where that was a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUpload {
    /// For whom the token acts.
    pub account: AccountId,
    /// The run of a trusted publisher that it was made for; none for a token that somebody keeps.
    pub run: Option<UploadRun>,
}

/// The run of a trusted publisher that uploaded a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRun {
    /// The publisher.
    pub publisher: PublisherId,
    /// Who vouched for it.
    pub issuer: Option<String>,
    /// `owner/name`, or the project's path.
    pub repository: String,
    /// The file that tells what runs.
    pub workflow: Option<String>,
    /// The git ref.
    pub git_ref: Option<String>,
    /// The commit.
    pub commit: Option<String>,
}

/// By folded package name, by version number as it was written.
pub type TokenUploads = HashMap<String, HashMap<String, TokenUpload>>;

rows! {
    struct UploadRow {
        package_key: String,
        version: String,
        account_id: Uuid,
        publisher_id: Option<Uuid>,
        repository: Option<String>,
        git_ref: Option<String>,
        commit_id: Option<String>,
        issuer: Option<String>,
        workflow: Option<String>,
    }
}

/// How often each deed was done on the days from `first` to `last`, by day; what was not done is left out.
pub async fn deeds(read: &mut Read, first: NaiveDate, last: NaiveDate) -> Result<Vec<DeedsOfDay>> {
    let generation = read.generation(Name::People);
    let mut rows: Vec<(i64, String, i64)> = on!(read.tx, |c| sqlx::query_as(include_str!("sql/deeds.sql"))
        .bind(generation)
        .bind(day_column(first))
        .bind(day_column(last))
        .fetch_all(&mut *c)
        .await)?;
    rows.sort_unstable();
    let told = |(column, deed, n): (i64, String, i64)| {
        let deed = match deed.as_str() {
            "account" => Deed::Account,
            "plugin" => Deed::Plugin,
            "upload" => Deed::Upload,
            "approval" => Deed::Approval,
            _ => return Ok(None),
        };
        Ok(Some(DeedsOfDay { day: day(column)?, deed, n: unsigned(n)? }))
    };
    rows.into_iter().filter_map(|row| told(row).transpose()).collect()
}

/// Where in the log is what an account did, by itself or through a token: up to `limit` positions, downwards from below `before`.
/// Its votes are left out.
pub async fn acts_before(
    read: &mut Read,
    account: AccountId,
    before: Option<Position>,
    limit: u32,
) -> Result<Vec<Position>> {
    let from = before.map_or(i64::MAX, signed);
    acts(read, include_str!("sql/acts_of_newest.sql"), account, from, limit).await
}

/// The same upwards from above `after`.
pub async fn acts_after(
    read: &mut Read,
    account: AccountId,
    after: Option<Position>,
    limit: u32,
) -> Result<Vec<Position>> {
    let from = after.map_or(-1, signed);
    acts(read, include_str!("sql/acts_of_oldest.sql"), account, from, limit).await
}

async fn acts(
    read: &mut Read,
    sql: &'static str,
    account: AccountId,
    from: i64,
    limit: u32,
) -> Result<Vec<Position>> {
    let generation = read.generation(Name::People);
    let rows: Vec<(i64,)> = on!(read.tx, |c| sqlx::query_as(sql)
        .bind(generation)
        .bind(account.0)
        .bind(from)
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(|(position,)| unsigned(position)).collect()
}

/// How much an account did.
pub async fn acts_total(read: &mut Read, account: AccountId) -> Result<u64> {
    let generation = read.generation(Name::People);
    let (n,): (i64,) = on!(read.tx, |c| sqlx::query_as(include_str!("sql/acts_total.sql"))
        .bind(generation)
        .bind(account.0)
        .fetch_one(&mut *c)
        .await)?;
    unsigned(n)
}

/// Which versions of these plugins, given by their folded package names, came by tokens. Ask for a page of them at a time.
pub async fn token_uploads(read: &mut Read, package_keys: &[&str]) -> Result<TokenUploads> {
    let generation = read.generation(Name::People);
    let (keys, sql) = (list_of_texts(package_keys), engine_sql!(read, "sql/uploads_of"));
    let rows: Vec<UploadRow> =
        on!(read.tx, |c| sqlx::query_as(sql).bind(generation).bind(&keys).fetch_all(&mut *c).await)?;
    let mut uploads = TokenUploads::new();
    for row in rows {
        let run = row.publisher_id.map(|publisher| UploadRun {
            publisher: PublisherId(publisher),
            issuer: row.issuer,
            repository: row.repository.unwrap_or_default(),
            workflow: row.workflow,
            git_ref: row.git_ref,
            commit: row.commit_id,
        });
        let upload = TokenUpload { account: AccountId(row.account_id), run };
        uploads.entry(row.package_key).or_default().insert(row.version, upload);
    }
    Ok(uploads)
}
