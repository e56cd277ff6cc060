//! Telling anonymous voters of one day apart without keeping anything that leads back to them.

use cairn_domain::names::Sha256;
use cairn_store::Ids;
use chrono::{DateTime, NaiveDate, Utc};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// A random key a day, in memory only: when the day is over, nobody can tell who voted.
#[derive(Debug)]
pub struct VoterKeys {
    ids: Arc<Ids>,
    today: Mutex<(NaiveDate, [u8; 32])>,
}

impl VoterKeys {
    /// Begins with a fresh key.
    pub fn new(ids: Arc<Ids>) -> Self {
        let key = ids.bytes();
        Self { ids, today: Mutex::new((NaiveDate::MIN, key)) }
    }

    /// The key of whoever votes from this address today: a digest under today's secret.
    pub fn key(&self, address: IpAddr, now: DateTime<Utc>) -> Sha256 {
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if today.0 != now.date_naive() {
            *today = (now.date_naive(), self.ids.bytes());
        }
        let mut bytes = today.1.to_vec();
        bytes.extend(address.to_string().as_bytes());
        Sha256::of(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_is_the_same_voter_for_a_day() {
        let keys = VoterKeys::new(Arc::new(Ids::seeded(1)));
        let noon: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let [here, there]: [IpAddr; 2] = ["192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap()];
        assert_eq!(keys.key(here, noon), keys.key(here, noon + chrono::TimeDelta::hours(11)));
        assert_ne!(keys.key(here, noon), keys.key(there, noon));
        assert_ne!(keys.key(here, noon), keys.key(here, noon + chrono::TimeDelta::hours(12)));
    }
}
