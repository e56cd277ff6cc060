//! Questions about tokens and trusted publishers.

use super::state::{PublisherRow, TokenRow};
use crate::columns::parsed;
use crate::{Name, Read};
use cairn_domain::ids::{AccountId, PublisherId, TokenId};
use cairn_domain::names::PackageName;
use cairn_domain::publisher::Workflow;
use cairn_store::{Result, StoreError, from_us, on, sqlx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// How many tokens or publishers an answer lists at most, the newest first.
const LISTED_MAX: i64 = 200;

/// A plugin token as the read model has it. Whether it is good is the write side's question, asked of the
/// log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token.
    pub id: TokenId,
    /// For whom it acts.
    pub account: AccountId,
    /// The plugin it is for.
    pub package: PackageName,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was ended before its time.
    pub revoked_at: Option<DateTime<Utc>>,
    /// It may also approve, as far as its account may.
    pub may_approve: bool,
    /// The run of a trusted publisher that it was made for; none for a token that somebody keeps.
    pub run: Option<Run>,
    /// The day, in UTC, of its last deed that the log has.
    pub last_used: Option<NaiveDate>,
}

/// The run of a trusted publisher that a token was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The publisher.
    pub publisher: PublisherId,
    /// `owner/name`, or the project's path.
    pub repository: String,
    /// The git ref.
    pub git_ref: Option<String>,
    /// The commit.
    pub commit: Option<String>,
}

/// A workflow that may publish a plugin, as the read model has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The publisher.
    pub id: PublisherId,
    /// The plugin; it need not exist yet.
    pub package: PackageName,
    /// For whom it publishes.
    pub account: AccountId,
    /// Which workflow.
    pub workflow: Workflow,
    /// Its uploads may become public without review when the account's would.
    pub may_approve: bool,
    /// When it was named.
    pub named_at: DateTime<Utc>,
    /// When it was removed.
    pub removed_at: Option<DateTime<Utc>>,
}

/// One token.
pub async fn token(read: &mut Read, id: TokenId) -> Result<Option<Token>> {
    let generation = read.generation(Name::People);
    let row: Option<TokenRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/token.sql"))
        .bind(generation)
        .bind(id.0)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Token::try_from).transpose()
}

/// The newest tokens that an account made, up to 200, dead ones too.
pub async fn tokens_of(read: &mut Read, account: AccountId) -> Result<Vec<Token>> {
    let generation = read.generation(Name::People);
    let rows: Vec<TokenRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/tokens_of.sql"))
        .bind(generation)
        .bind(account.0)
        .bind(LISTED_MAX)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Token::try_from).collect()
}

/// The newest tokens for a plugin, of all accounts, up to 200, dead ones too.
pub async fn tokens_for(read: &mut Read, package: &PackageName) -> Result<Vec<Token>> {
    let generation = read.generation(Name::People);
    let rows: Vec<TokenRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/tokens_for.sql"))
        .bind(generation)
        .bind(package.as_str())
        .bind(LISTED_MAX)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Token::try_from).collect()
}

/// One publisher, removed or not.
pub async fn publisher(read: &mut Read, id: PublisherId) -> Result<Option<Publisher>> {
    let generation = read.generation(Name::People);
    let row: Option<PublisherRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/publisher.sql"))
        .bind(generation)
        .bind(id.0)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Publisher::try_from).transpose()
}

/// The newest publishers that an account named and nobody removed, up to 200.
pub async fn publishers_of(read: &mut Read, account: AccountId) -> Result<Vec<Publisher>> {
    let generation = read.generation(Name::People);
    let rows: Vec<PublisherRow> = on!(read.tx, |c| sqlx::query_as(include_str!("../sql/publishers_of.sql"))
        .bind(generation)
        .bind(account.0)
        .bind(LISTED_MAX)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Publisher::try_from).collect()
}

/// The newest publishers of a plugin that nobody removed, up to 200.
pub async fn publishers_for(read: &mut Read, package: &PackageName) -> Result<Vec<Publisher>> {
    let generation = read.generation(Name::People);
    let rows: Vec<PublisherRow> =
        on!(read.tx, |c| sqlx::query_as(include_str!("../sql/publishers_for.sql"))
            .bind(generation)
            .bind(package.as_str())
            .bind(LISTED_MAX)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(Publisher::try_from).collect()
}

/// The newest publishers that are of a repository and that nobody removed, up to 200.
pub async fn publishers_of_repository(
    read: &mut Read,
    issuer: &str,
    repository: &str,
) -> Result<Vec<Publisher>> {
    let generation = read.generation(Name::People);
    let repository = repository.to_ascii_lowercase();
    let rows: Vec<PublisherRow> =
        on!(read.tx, |c| sqlx::query_as(include_str!("../sql/publishers_of_repository.sql"))
            .bind(generation)
            .bind(issuer)
            .bind(&repository)
            .bind(LISTED_MAX)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(Publisher::try_from).collect()
}

/// The day so many days after 1970.
fn day(days: i64) -> Result<NaiveDate> {
    let date = TimeDelta::try_days(days).and_then(|days| NaiveDate::default().checked_add_signed(days));
    date.ok_or_else(|| StoreError::Damaged(format!("{days} where a day belongs")))
}

impl TryFrom<TokenRow> for Token {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self> {
        let run = row.publisher_id.map(|publisher| Run {
            publisher: PublisherId(publisher),
            repository: row.repository.unwrap_or_default(),
            git_ref: row.git_ref,
            commit: row.commit_id,
        });
        Ok(Self {
            id: TokenId(row.token_id),
            account: AccountId(row.account_id),
            package: parsed(&row.package)?,
            issued_at: from_us(row.issued_at_us)?,
            expires_at: row.expires_at_us.map(from_us).transpose()?,
            revoked_at: row.revoked_at_us.map(from_us).transpose()?,
            may_approve: row.may_approve,
            run,
            last_used: row.last_used_day.map(day).transpose()?,
        })
    }
}

impl TryFrom<PublisherRow> for Publisher {
    type Error = StoreError;

    fn try_from(row: PublisherRow) -> Result<Self> {
        Ok(Self {
            id: PublisherId(row.publisher_id),
            package: parsed(&row.package)?,
            account: AccountId(row.account_id),
            workflow: Workflow {
                issuer: row.issuer,
                repository: row.repository,
                workflow: row.workflow,
                environment: row.environment,
                ref_pattern: row.ref_pattern,
            },
            may_approve: row.may_approve,
            named_at: from_us(row.named_at_us)?,
            removed_at: row.removed_at_us.map(from_us).transpose()?,
        })
    }
}
