//! What must be erasable and is therefore in no event: people, authors' addresses inside packages, private
//! keys.
//!
//! Ordinary rows that may be changed and deleted. Write them in the transaction of the event that speaks of
//! them ([`RegistryTx::tx`](crate::RegistryTx::tx)).

mod attempt;
mod author;
mod factor;
mod former;
mod identity;
mod key;
mod session;
mod sign_up;
mod staged;
mod token_note;

pub use attempt::{Attempts, attempts, count_attempt, forget_attempts, forget_attempts_before};
pub use author::{
    AuthorWords, authors_without_words, erase_package_author, fill_author_words, put_package_author,
};
pub use factor::{
    FactorCeremony, SecondFactor, delete_factor_ceremony, delete_second_factor, erase_recovery_codes,
    erase_second_factors, factor_ceremony, put_factor_ceremony, put_recovery_codes, put_second_factor,
    recovery_code_is_good, second_factor, second_factors, use_recovery_code, use_second_factor,
};
pub use former::{erase_former_email, forget_former_emails, former_email, keep_former_email};
pub use identity::{
    IdentityRow, delete_identity, erase_identities, identities_of, identity_of, put_identity,
};
pub use key::{SECRET_KEY_BYTES, find_secret_key, secret_key};
pub use session::{
    SESSIONS_LISTED_MAX, SessionRow, delete_expired_sessions, delete_session, delete_sessions_of,
    put_session, rotate_session, session_by_id, session_by_secret, sessions_of, touch_session,
};
pub use sign_up::{erase_sign_up_address, put_sign_up_address, sign_up_address};
pub use staged::{StagedRow, delete_staged, put_staged, staged_by_id, staged_of, staged_until};
pub use token_note::{TokenNoteRow, erase_token_note, erase_token_notes_of, put_token_note, token_notes};

use crate::time::{from_us, to_us};
use crate::{Result, Session, StoreError, Tx, engine_sql, on, rows};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A person behind an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The account, which is all that events know.
    pub account_id: Uuid,
    /// The name as the person writes it.
    pub name: String,
    /// The name in the form by which names are compared; unique.
    pub name_folded: String,
    /// The mail address.
    pub email: String,
    /// The password's hash in PHC form; none for who cannot sign in by password.
    pub password_hash: Option<String>,
    /// Random bytes that commitments to this person's data are salted with.
    pub salt: Vec<u8>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// The author as a package names them, by the package's digest.
#[derive(Clone, PartialEq, Eq)]
pub struct PackageAuthor {
    /// The digest of the package, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// `author` of its metadata.
    pub author: String,
    /// `email` of its metadata.
    pub email: String,
}

/// A key that tokens are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name in tokens.
    pub kid: String,
    /// The private half, PKCS#8 DER.
    pub private_der: Vec<u8>,
    /// The public half.
    pub public: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Names, addresses and keys stay out of logs: only the id is shown.
macro_rules! shown_by {
    ($kind:ident, $id:ident) => {
        impl std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($kind)).field(stringify!($id), &self.$id).finish_non_exhaustive()
            }
        }
    };
}
shown_by!(Person, account_id);
shown_by!(PackageAuthor, sha256);
shown_by!(SigningKey, kid);

/// Writes a person, or writes over the one of the same account. [`StoreError::NameTaken`] if the folded name
/// is another's; the transaction can then only be rolled back.
pub async fn put_person(tx: &mut Tx, person: &Person) -> Result<()> {
    let put = on!(tx, |c| sqlx::query(include_str!("../sql/put_person.sql"))
        .bind(person.account_id)
        .bind(&person.name)
        .bind(&person.name_folded)
        .bind(&person.email)
        .bind(&person.password_hash)
        .bind(&person.salt)
        .bind(to_us(person.created_at))
        .execute(&mut *c)
        .await
        .map(drop));
    match put {
        Ok(()) => Ok(()),
        Err(error) if error.is_unique_violation() => Err(StoreError::NameTaken),
        Err(error) => Err(error),
    }
}

/// The person of an account.
pub async fn person_by_id(session: &mut impl Session, account_id: Uuid) -> Result<Option<Person>> {
    let row: Option<PersonRow> = on!(session, |c| sqlx::query_as(include_str!("../sql/person_by_id.sql"))
        .bind(account_id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Person::try_from).transpose()
}

/// The person with a folded name.
pub async fn person_by_name(session: &mut impl Session, name_folded: &str) -> Result<Option<Person>> {
    // PostgreSQL has no such texts, so there is nobody to ask it for.
    if name_folded.contains('\0') {
        return Ok(None);
    }
    let row: Option<PersonRow> = on!(session, |c| sqlx::query_as(include_str!("../sql/person_by_name.sql"))
        .bind(name_folded)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Person::try_from).transpose()
}

/// The people with an address, whatever its case, up to `limit` in the order of their names. Nothing keeps several people
/// from having the same one.
pub async fn people_by_email(session: &mut impl Session, email: &str, limit: u32) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = on!(session, |c| sqlx::query_as(include_str!("../sql/people_by_email.sql"))
        .bind(email)
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Person::try_from).collect()
}

/// All people by folded name, up to `limit` after one; the empty text is before all.
pub async fn people(session: &mut impl Session, after_name_folded: &str, limit: u32) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = on!(session, |c| sqlx::query_as(include_str!("../sql/people.sql"))
        .bind(after_name_folded)
        .bind(i64::from(limit))
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Person::try_from).collect()
}

/// Gives a person another password hash, or none; answers whether there is such a person.
pub async fn update_password_hash(
    tx: &mut Tx,
    account_id: Uuid,
    password_hash: Option<&str>,
) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../sql/update_password_hash.sql"))
        .bind(account_id)
        .bind(password_hash)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Gives a person another address; answers whether there is such a person.
pub async fn update_email(tx: &mut Tx, account_id: Uuid, email: &str) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../sql/update_email.sql"))
        .bind(account_id)
        .bind(email)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Forgets a person with their salt, which makes every commitment to their data noise; answers whether there
/// was one.
pub async fn erase_person(tx: &mut Tx, account_id: Uuid) -> Result<bool> {
    on!(tx, |c| sqlx::query(include_str!("../sql/erase_person.sql"))
        .bind(account_id)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// The author of a package.
pub async fn package_author(session: &mut impl Session, sha256: &str) -> Result<Option<PackageAuthor>> {
    Ok(package_authors(session, &[sha256]).await?.pop())
}

/// The authors of packages, in the order of the digests' text; packages without one are left out.
pub async fn package_authors(session: &mut impl Session, sha256s: &[&str]) -> Result<Vec<PackageAuthor>> {
    let sql = engine_sql!(session, "../sql/package_authors");
    let wanted = serde_json::Value::from(sha256s).to_string();
    let rows: Vec<(String, String, String)> =
        on!(session, |c| sqlx::query_as(sql).bind(&wanted).fetch_all(&mut *c).await)?;
    Ok(rows.into_iter().map(|(sha256, author, email)| PackageAuthor { sha256, author, email }).collect())
}

/// Adds a key; a second one of the same name is an error.
pub async fn put_signing_key(tx: &mut Tx, key: &SigningKey) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../sql/put_signing_key.sql"))
        .bind(&key.kid)
        .bind(&key.private_der)
        .bind(&key.public)
        .bind(to_us(key.created_at))
        .execute(&mut *c)
        .await
        .map(drop))?;
    Ok(())
}

/// Forgets a key; tokens that it signed are worth nothing from now on.
pub async fn delete_signing_key(tx: &mut Tx, kid: &str) -> Result<()> {
    on!(tx, |c| sqlx::query(include_str!("../sql/delete_signing_key.sql"))
        .bind(kid)
        .execute(&mut *c)
        .await
        .map(drop))
}

/// All keys, the newest first.
pub async fn signing_keys(session: &mut impl Session) -> Result<Vec<SigningKey>> {
    let rows: Vec<(String, Vec<u8>, Vec<u8>, i64)> =
        on!(session, |c| sqlx::query_as(include_str!("../sql/signing_keys.sql")).fetch_all(&mut *c).await)?;
    rows.into_iter()
        .map(|(kid, private_der, public, created)| {
            Ok(SigningKey { kid, private_der, public, created_at: from_us(created)? })
        })
        .collect()
}

rows! {
    struct PersonRow {
        account_id: Uuid,
        name: String,
        name_folded: String,
        email: String,
        password_hash: Option<String>,
        salt: Vec<u8>,
        created_at_us: i64,
    }
}

impl TryFrom<PersonRow> for Person {
    type Error = StoreError;

    fn try_from(row: PersonRow) -> Result<Self> {
        Ok(Self {
            account_id: row.account_id,
            name: row.name,
            name_folded: row.name_folded,
            email: row.email,
            password_hash: row.password_hash,
            salt: row.salt,
            created_at: from_us(row.created_at_us)?,
        })
    }
}
