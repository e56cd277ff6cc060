//! Where the time comes from: the system in the program, the test's hand in tests.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time in whole microseconds, because SQLite would keep more digits than PostgreSQL.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time now, without anything below a microsecond. It may step back; the log clamps what it records.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
        let now = Utc::now();
        now.trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock {
    us: AtomicI64,
}

impl FixedClock {
    /// A clock that stands at `at`.
    pub fn at(at: DateTime<Utc>) -> Self {
        Self { us: AtomicI64::new(at.timestamp_micros()) }
    }

    /// Moves the clock to `at`, forward or back.
    pub fn set(&self, at: DateTime<Utc>) {
        self.us.store(at.timestamp_micros(), Ordering::SeqCst);
    }

    /// Moves the clock by `by`; a negative span steps it back.
    pub fn advance(&self, by: TimeDelta) {
        self.us.fetch_add(
            by.num_microseconds().expect("a test moves its clock by years at most"),
            Ordering::SeqCst,
        );
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.us.load(Ordering::SeqCst)).expect("it was made from a time")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_tells_whole_microseconds() {
        assert!((0..100).all(|_| SystemClock.now().timestamp_subsec_nanos().is_multiple_of(1000)));
    }

    #[test]
    fn a_fixed_clock_moves_only_by_hand() {
        let start = DateTime::from_timestamp_micros(1_700_000_000_000_001).unwrap();
        let clock = FixedClock::at(start);
        clock.advance(TimeDelta::seconds(90));
        clock.advance(TimeDelta::seconds(-30));
        assert_eq!(clock.now() - start, TimeDelta::seconds(60));
        clock.set(start);
        assert_eq!(clock.now(), start);
    }
}
