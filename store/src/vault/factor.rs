//! What second factors are made of, and the halves of ceremonies that wait for the other.

use crate::time::{from_us, signed, to_us, unsigned};
use crate::{Bulk, Result, Session, StoreError, Tx, Value, on, rows};
use chrono::{DateTime, Utc};
use std::sync::LazyLock;
use uuid::Uuid;

static PUT_CODE: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new(include_str!("../../sql/put_recovery_code.sql")));

/// What one second factor of an account is made of.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The factor, as events name it.
    pub factor_id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// `totp` or `passkey`.
    pub sort: String,
    /// What its owner calls it.
    pub label: String,
    /// The key of an app's codes, or what is known of a passkey as JSON.
    pub secret: Vec<u8>,
    /// The half minute of the last code that was taken; 0 before the first and for passkeys.
    pub last_step: u64,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was shown last.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Something that was begun and waits for its second half.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorCeremony {
    /// What the one who began it holds.
    pub ceremony_id: Uuid,
    /// Who began it.
    pub account_id: Uuid,
    /// What it is for.
    pub sort: String,
    /// What the second half is compared with.
    pub state: Vec<u8>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Keys stay out of logs: only the id is shown.
impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("factor_id", &self.factor_id).finish_non_exhaustive()
    }
}

/// What is waited for stays out of logs: only the id is shown.
impl std::fmt::Debug for FactorCeremony {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FactorCeremony").field("ceremony_id", &self.ceremony_id).finish_non_exhaustive()
    }
}

/// Adds a factor; a second one of the same id is an error.
pub async fn put_second_factor(tx: &mut Tx, factor: &SecondFactor) -> Result<()> {
    let last_step = signed(factor.last_step)?;
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_second_factor.sql"))
        .bind(factor.factor_id)
        .bind(factor.account_id)
        .bind(&factor.sort)
        .bind(&factor.label)
        .bind(&factor.secret)
        .bind(last_step)
        .bind(to_us(factor.created_at))
        .bind(factor.last_used_at.map(to_us))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The factors of an account, the oldest first.
pub async fn second_factors(session: &mut impl Session, account_id: Uuid) -> Result<Vec<SecondFactor>> {
    let rows: Vec<FactorRow> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/second_factors_of_account.sql"))
            .bind(account_id)
            .fetch_all(&mut *c)
            .await)?;
    rows.into_iter().map(SecondFactor::try_from).collect()
}

/// One factor.
pub async fn second_factor(session: &mut impl Session, factor_id: Uuid) -> Result<Option<SecondFactor>> {
    let row: Option<FactorRow> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/second_factor.sql"))
            .bind(factor_id)
            .fetch_optional(&mut *c)
            .await)?;
    row.map(SecondFactor::try_from).transpose()
}

/// Notes that a factor was shown: what its next showing is compared with. Answers whether there is such a factor.
pub async fn use_second_factor(
    tx: &mut Tx,
    factor_id: Uuid,
    secret: &[u8],
    last_step: u64,
    at: DateTime<Utc>,
) -> Result<bool> {
    let last_step = signed(last_step)?;
    on!(tx, |c| sqlx::query(include_str!("../../sql/use_second_factor.sql"))
        .bind(factor_id)
        .bind(secret)
        .bind(last_step)
        .bind(to_us(at))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets a factor; answers whether there was one.
pub async fn delete_second_factor(tx: &mut Tx, factor_id: Uuid) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_second_factor.sql"))
        .bind(factor_id)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets all factors of an account, its recovery codes and what it began.
pub async fn erase_second_factors(tx: &mut Tx, account_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_second_factors.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(drop))?;
    erase_recovery_codes(tx, account_id).await?;
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_factor_ceremonies.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// Gives an account these recovery codes, as digests of 64 lower-case hexadecimal digits, instead of those it had.
pub async fn put_recovery_codes(tx: &mut Tx, account_id: Uuid, sha256s: &[String]) -> Result<()> {
    erase_recovery_codes(tx, account_id).await?;
    let row = |sha256: &String| vec![Value::from(account_id), sha256.clone().into()];
    let rows: Vec<Vec<Value>> = sha256s.iter().map(row).collect();
    PUT_CODE.rows(tx, &rows).await?;
    Ok(())
}

/// Whether the account has this recovery code and has not used it.
pub async fn recovery_code_is_good(
    session: &mut impl Session,
    account_id: Uuid,
    sha256: &str,
) -> Result<bool> {
    let (found,): (i64,) =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/recovery_code_is_good.sql"))
            .bind(account_id)
            .bind(sha256)
            .fetch_one(&mut *c)
            .await)?;
    Ok(found > 0)
}

/// Uses a recovery code up; answers whether it was good.
pub async fn use_recovery_code(tx: &mut Tx, account_id: Uuid, sha256: &str) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/use_recovery_code.sql"))
        .bind(account_id)
        .bind(sha256)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets all recovery codes of an account.
pub async fn erase_recovery_codes(tx: &mut Tx, account_id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/erase_recovery_codes.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// Keeps what was begun, and forgets what ended before `now` and all but the newest `open_max` of the account.
pub async fn put_factor_ceremony(
    tx: &mut Tx,
    ceremony: &FactorCeremony,
    now: DateTime<Utc>,
    open_max: u32,
) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_old_factor_ceremonies.sql"))
        .bind(to_us(now))
        .execute(&mut *c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query(include_str!("../../sql/put_factor_ceremony.sql"))
        .bind(ceremony.ceremony_id)
        .bind(ceremony.account_id)
        .bind(&ceremony.sort)
        .bind(&ceremony.state)
        .bind(to_us(ceremony.expires_at))
        .execute(&mut *c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query(include_str!("../../sql/keep_newest_factor_ceremonies.sql"))
        .bind(ceremony.account_id)
        .bind(i64::from(open_max))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// What was begun under this id and has not ended at `now`.
pub async fn factor_ceremony(
    session: &mut impl Session,
    ceremony_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<FactorCeremony>> {
    let row: Option<CeremonyRow> =
        on!(session, |c| sqlx::query_as(include_str!("../../sql/factor_ceremony.sql"))
            .bind(ceremony_id)
            .bind(to_us(now))
            .fetch_optional(&mut *c)
            .await)?;
    row.map(FactorCeremony::try_from).transpose()
}

/// Ends a ceremony, so that its second half is taken once; answers whether it was open.
pub async fn delete_factor_ceremony(tx: &mut Tx, ceremony_id: Uuid) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../../sql/delete_factor_ceremony.sql"))
        .bind(ceremony_id)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

rows! {
    struct FactorRow {
        factor_id: Uuid,
        account_id: Uuid,
        sort: String,
        label: String,
        secret: Vec<u8>,
        last_step: i64,
        created_at_us: i64,
        last_used_at_us: Option<i64>,
    }

    struct CeremonyRow {
        ceremony_id: Uuid,
        account_id: Uuid,
        sort: String,
        state: Vec<u8>,
        expires_at_us: i64,
    }
}

impl TryFrom<FactorRow> for SecondFactor {
    type Error = StoreError;

    fn try_from(row: FactorRow) -> Result<Self> {
        Ok(Self {
            factor_id: row.factor_id,
            account_id: row.account_id,
            sort: row.sort,
            label: row.label,
            secret: row.secret,
            last_step: unsigned(row.last_step)?,
            created_at: from_us(row.created_at_us)?,
            last_used_at: row.last_used_at_us.map(from_us).transpose()?,
        })
    }
}

impl TryFrom<CeremonyRow> for FactorCeremony {
    type Error = StoreError;

    fn try_from(row: CeremonyRow) -> Result<Self> {
        Ok(Self {
            ceremony_id: row.ceremony_id,
            account_id: row.account_id,
            sort: row.sort,
            state: row.state,
            expires_at: from_us(row.expires_at_us)?,
        })
    }
}
