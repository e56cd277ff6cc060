//! Who failed too often waits, longer each time: by what was tried, and by where it was tried from.
//!
//! The counts are rows that all nodes share. What is counted stands there as a keyed digest, so the rows tell no names and no
//! addresses; they are forgotten an hour after the last failure.

use crate::Fault;
use crate::vault_key::VaultKey;
use aws_lc_rs::hmac;
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_domain::names::fold;
use cairn_store::{Clock, Db, Ids, StoreError, vault};
use chrono::{DateTime, TimeDelta, Utc};
use std::net::IpAddr;
use std::sync::Arc;

/// How often failing costs nothing, and how long the wait grows after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptLimits {
    /// Failures of one account that cost nothing: people mistype.
    pub account_free: u64,
    /// Failures from one address that cost nothing: a school has one address for all.
    pub address_free: u64,
    /// Mails that one address may cause before it waits.
    pub mails_free: u64,
    /// The longest wait.
    pub wait_max: TimeDelta,
    /// So long after the last failure all is forgotten.
    pub forgotten_after: TimeDelta,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self {
            account_free: 5,
            address_free: 20,
            mails_free: 10,
            wait_max: TimeDelta::minutes(15),
            forgotten_after: TimeDelta::hours(1),
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Passwords tried for a name, whether anybody has it or not.
    Name(String),
    /// Second factors tried for an account.
    Factor(AccountId),
    /// Whatever was tried from an address; IPv6 by its network of 64 bits, which is one customer.
    Address(IpAddr),
    /// Mails caused, and accounts made, from an address.
    Mails(IpAddr),
}

/// Counts failures and says who must wait. Clones share the key.
#[derive(Debug, Clone)]
pub struct Limiter {
    db: Db,
    clock: Arc<dyn Clock>,
    key: VaultKey,
    limits: AttemptLimits,
}

impl Limiter {
    /// Counts in this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<Ids>, limits: AttemptLimits) -> Self {
        let key = VaultKey::new("attempts", db.clone(), ids);
        Self { db, clock, key, limits }
    }

    /// [`Refusal::TooMany`] while one of these must wait.
    pub async fn admit(&self, subjects: &[Subject]) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut conn = self.db.read().await?;
        let mut until = now;
        for subject in subjects {
            let digest = self.digest(subject, now).await?;
            if let Some(attempts) = vault::attempts(&mut conn, &digest).await? {
                until = until.max(attempts.failed_at + self.wait(subject, attempts.failures));
            }
        }
        let millis = u64::try_from((until - now).num_milliseconds()).unwrap_or(0);
        match millis.div_ceil(1000) {
            0 => Ok(()),
            retry_after_secs => {
                metrics::counter!("cairn_attempts_limited_total").increment(1);
                Err(Refusal::TooMany { retry_after_secs }.into())
            }
        }
    }

    /// Counts a failure of each.
    pub async fn failed(&self, subjects: &[Subject]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let before = now - self.limits.forgotten_after;
        let mut digests = Vec::with_capacity(subjects.len());
        for subject in subjects {
            digests.push(self.digest(subject, now).await?);
        }
        let mut tx = self.db.begin().await?;
        vault::forget_attempts_before(&mut tx, before).await?;
        for digest in digests {
            vault::count_attempt(&mut tx, &digest, now, before).await?;
        }
        tx.commit().await
    }

    /// Forgets the failures of one that has now succeeded. Writes only if there were any.
    pub async fn succeeded(&self, subject: &Subject) -> Result<(), StoreError> {
        let digest = self.digest(subject, self.clock.now()).await?;
        let mut conn = self.db.read().await?;
        let found = vault::attempts(&mut conn, &digest).await?;
        drop(conn);
        if found.is_some() {
            let mut tx = self.db.begin().await?;
            vault::forget_attempts(&mut tx, &digest).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// How long to wait after the last of so many failures: a second after the first that costs, then twice as long each time.
    fn wait(&self, subject: &Subject, failures: u64) -> TimeDelta {
        let free = match subject {
            Subject::Name(_) | Subject::Factor(_) => self.limits.account_free,
            Subject::Address(_) => self.limits.address_free,
            Subject::Mails(_) => self.limits.mails_free,
        };
        let Some(costly) = failures.checked_sub(free).filter(|costly| *costly > 0) else {
            return TimeDelta::zero();
        };
        let doubled = u32::try_from(costly - 1).ok().and_then(|times| 1_i64.checked_shl(times));
        let seconds = doubled.filter(|seconds| *seconds > 0).unwrap_or(i64::MAX);
        TimeDelta::try_seconds(seconds).map_or(self.limits.wait_max, |wait| wait.min(self.limits.wait_max))
    }

    async fn digest(&self, subject: &Subject, now: DateTime<Utc>) -> Result<[u8; 32], StoreError> {
        let text = match subject {
            Subject::Name(name) => format!("name\n{}", fold(name)),
            Subject::Factor(account) => format!("factor\n{account}"),
            Subject::Address(address) => format!("address\n{}", network(*address)),
            Subject::Mails(address) => format!("mails\n{}", network(*address)),
        };
        let tag = hmac::sign(self.key.get(now).await?, text.as_bytes());
        Ok(tag.as_ref().try_into().expect("HMAC-SHA256 has 32 bytes"))
    }
}

/// The address, or of IPv6 its first 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in::tests::house;

    fn refused(outcome: Result<(), Fault>) -> Option<u64> {
        match outcome {
            Ok(()) => None,
            Err(Fault::Refused(Refusal::TooMany { retry_after_secs })) => Some(retry_after_secs),
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn waiting_grows_with_failures_and_ends() {
        let house = house().await;
        let limiter = house.limiter();
        let ann = [Subject::Name("Ann".into())];
        for _ in 0..5 {
            assert_eq!(refused(limiter.admit(&ann).await), None);
            limiter.failed(&ann).await.unwrap();
        }
        assert_eq!(refused(limiter.admit(&ann).await), None);
        for wait in [1, 2, 4, 8] {
            limiter.failed(&ann).await.unwrap();
            assert_eq!(refused(limiter.admit(&[Subject::Name("ann".into())]).await), Some(wait));
            house
                .clock
                .advance(TimeDelta::seconds(i64::try_from(wait).unwrap()) - TimeDelta::milliseconds(1));
            assert_eq!(refused(limiter.admit(&ann).await), Some(1));
            house.clock.advance(TimeDelta::milliseconds(1));
            assert_eq!(refused(limiter.admit(&ann).await), None);
        }
        for _ in 0..100 {
            limiter.failed(&ann).await.unwrap();
        }
        assert_eq!(refused(limiter.admit(&ann).await), Some(15 * 60));
        assert_eq!(refused(limiter.admit(&[Subject::Name("bob".into())]).await), None);
    }

    #[tokio::test]
    async fn success_and_an_hour_make_all_good() {
        let house = house().await;
        let limiter = house.limiter();
        let subjects = [Subject::Name("ann".into()), Subject::Address([192, 0, 2, 1].into())];
        for _ in 0..30 {
            limiter.failed(&subjects).await.unwrap();
        }
        limiter.succeeded(&subjects[0]).await.unwrap();
        assert_eq!(refused(limiter.admit(&subjects[..1]).await), None);
        assert_eq!(refused(limiter.admit(&subjects).await), Some(512));
        house.clock.advance(TimeDelta::hours(1));
        limiter.failed(&subjects).await.unwrap();
        assert_eq!(refused(limiter.admit(&subjects).await), None);
    }

    #[tokio::test]
    async fn another_node_counts_on() {
        let house = house().await;
        let (one, two) = (house.limiter(), house.limiter());
        let ann = [Subject::Name("ann".into())];
        for _ in 0..3 {
            one.failed(&ann).await.unwrap();
            two.failed(&ann).await.unwrap();
        }
        assert_eq!(refused(one.admit(&ann).await), Some(1));
    }

    #[test]
    fn a_customers_ipv6_addresses_are_one() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
