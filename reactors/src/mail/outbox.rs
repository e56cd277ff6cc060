//! Letters that wait to be sent, as rows: which event, to whom, and when to try.

use cairn_store::{Clock, Db, Position, Result, Session, StoreError, Tx, on, sqlx, to_us, upkeep};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long a letter is its sender's. Longer than the longest sending takes, so that nobody else sends it meanwhile; when the
/// sender's process ends in the middle, the letter is sent again after this.
pub(super) const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// A letter that is to be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claimed {
    /// The event that makes it.
    pub(super) position: Position,
    /// The account, or the challenge of an invitation to sign up.
    pub(super) receiver: Uuid,
    /// How often it was tried, this time included.
    pub(super) attempts: u32,
}

/// From which event on letters are made: where the log ended when this was asked first.
pub(super) async fn begin(db: &Db, head: Position) -> Result<Position> {
    let mut tx = db.begin().await?;
    on!(tx, |c| sqlx::query(include_str!("../sql/begin_letters.sql"))
        .bind(signed(head)?)
        .execute(&mut *c)
        .await
        .map(drop))?;
    let (begin,): (i64,) =
        on!(tx, |c| sqlx::query_as(include_str!("../sql/letters_begin.sql")).fetch_one(&mut *c).await)?;
    tx.commit().await?;
    unsigned(begin)
}

/// Adds a letter. One that is there already stays as it is.
pub(super) async fn put(tx: &mut Tx, position: Position, receiver: Uuid, now: DateTime<Utc>) -> Result<()> {
    let position = signed(position)?;
    on!(tx, |c| sqlx::query(include_str!("../sql/put_letter.sql"))
        .bind(position)
        .bind(receiver)
        .bind(to_us(now))
        .execute(&mut *c)
        .await
        .map(drop))
}

/// The accounts that get letters for staff.
pub(super) async fn staff(session: &mut impl Session) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> =
        on!(session, |c| sqlx::query_as(include_str!("../sql/letter_staff.sql")).fetch_all(&mut *c).await)?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}

/// Notes whether an account gets letters for staff.
pub(super) async fn set_staff(tx: &mut Tx, account: Uuid, is_staff: bool) -> Result<()> {
    let sql = if is_staff {
        include_str!("../sql/put_letter_staff.sql")
    } else {
        include_str!("../sql/delete_letter_staff.sql")
    };
    on!(tx, |c| sqlx::query(sql).bind(account).execute(&mut *c).await.map(drop))
}

/// The letter that has waited longest of those that are due, for [`CLAIM`] this caller's alone; none if none is due.
pub(super) async fn claim(db: &Db, clock: &dyn Clock) -> Result<Option<Claimed>> {
    let now = clock.now();
    let mut conn = db.read().await?;
    let due: Option<(i64,)> = on!(conn, |c| sqlx::query_as(include_str!("../sql/letter_is_due.sql"))
        .bind(to_us(now))
        .fetch_optional(&mut *c)
        .await)?;
    drop(conn);
    if due.is_none() {
        return Ok(None);
    }
    let mut tx = db.begin().await?;
    let row: Option<(i64, Uuid, i64)> = on!(tx, |c| sqlx::query_as(include_str!("../sql/claim_letter.sql"))
        .bind(to_us(now))
        .bind(to_us(now + CLAIM))
        .fetch_optional(&mut *c)
        .await)?;
    tx.commit().await?;
    row.map(|(position, receiver, attempts)| {
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        Ok(Claimed { position: unsigned(position)?, receiver, attempts })
    })
    .transpose()
}

/// Puts a letter off until `until`; `attempts` is how many count.
pub(super) async fn put_off(db: &Db, letter: Claimed, until: DateTime<Utc>, attempts: u32) -> Result<()> {
    let position = signed(letter.position)?;
    let mut tx = db.begin().await?;
    on!(tx, |c| sqlx::query(include_str!("../sql/put_letter_off.sql"))
        .bind(position)
        .bind(letter.receiver)
        .bind(to_us(until))
        .bind(i64::from(attempts))
        .execute(&mut *c)
        .await
        .map(drop))?;
    tx.commit().await
}

/// Forgets a letter: it was sent, or never will be.
pub(super) async fn forget(db: &Db, letter: Claimed) -> Result<()> {
    let position = signed(letter.position)?;
    let mut tx = db.begin().await?;
    on!(tx, |c| sqlx::query(include_str!("../sql/delete_letter.sql"))
        .bind(position)
        .bind(letter.receiver)
        .execute(&mut *c)
        .await
        .map(drop))?;
    tx.commit().await
}

/// How many letters wait.
pub(super) async fn waiting(db: &Db) -> Result<u64> {
    let mut conn = db.read().await?;
    Ok(upkeep::letters_waiting(&mut conn).await?.count)
}

fn signed(position: Position) -> Result<i64> {
    i64::try_from(position).map_err(|_| StoreError::Damaged(format!("position {position} is too large")))
}

fn unsigned(value: i64) -> Result<u64> {
    u64::try_from(value).map_err(|_| StoreError::Damaged(format!("{value} is below zero")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_store::{FixedClock, both};

    both!(a_letter_is_one_senders_until_it_is_sent_or_the_claim_ends, |t| {
        let clock = FixedClock::at(DateTime::UNIX_EPOCH);
        let (ann, bob) = (Uuid::from_u128(0xa), Uuid::from_u128(0xb));
        let mut tx = t.db.begin().await.unwrap();
        for receiver in [ann, bob, ann] {
            put(&mut tx, 7, receiver, clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(waiting(&t.db).await.unwrap(), 2, "the same letter is there once");

        let (here, there) = tokio::join!(claim(&t.db, &clock), claim(&t.db, &clock));
        let (here, there) = (here.unwrap(), there.unwrap());
        assert!(here.is_none() || there.is_none() || here != there, "no letter has two senders");
        while claim(&t.db, &clock).await.unwrap().is_some() {}

        clock.advance(CLAIM - TimeDelta::microseconds(1));
        assert_eq!(claim(&t.db, &clock).await.unwrap(), None);
        clock.advance(TimeDelta::microseconds(1));
        let again = claim(&t.db, &clock).await.unwrap().expect("its sender is gone");
        assert_eq!((again.position, again.attempts), (7, 2));
        forget(&t.db, again).await.unwrap();
        assert_eq!(waiting(&t.db).await.unwrap(), 1);
    });

    both!(a_letter_that_was_put_off_comes_after_those_that_were_not, |t| {
        let clock = FixedClock::at(DateTime::UNIX_EPOCH);
        let mut tx = t.db.begin().await.unwrap();
        for position in [1, 2] {
            put(&mut tx, position, Uuid::nil(), clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let first = claim(&t.db, &clock).await.unwrap().unwrap();
        assert_eq!((first.position, first.attempts), (1, 1));
        put_off(&t.db, first, clock.now() + TimeDelta::seconds(1), 0).await.unwrap();
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(claim(&t.db, &clock).await.unwrap().unwrap().position, 2);
        let first = claim(&t.db, &clock).await.unwrap().unwrap();
        assert_eq!((first.position, first.attempts), (1, 1), "the attempt before did not count");
    });

    both!(letters_begin_where_the_log_ended_first, |t| {
        assert_eq!(begin(&t.db, 40).await.unwrap(), 40);
        assert_eq!(begin(&t.db, 90).await.unwrap(), 40, "a later start begins nowhere else");
    });
}
