//! New ids and random bytes. Only here are they minted, so that a test with a seed mints the same again.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::{Builder, Uuid};

/// Mints ids: from the system's randomness in the program, from a seed in tests. Clones share one source.
#[derive(Clone, Debug)]
pub struct Ids(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded { seed: u64, drawn: Arc<AtomicU64> },
}

impl Ids {
    /// Ids nobody can guess.
    pub fn random() -> Self {
        Self(Source::System)
    }

    /// The same ids for the same seed, in the order they are asked for. For tests only.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded { seed, drawn: Arc::default() })
    }

    /// A version 7 id, which sorts by `now` to the millisecond: for what grows at the end of an index.
    pub fn v7(&self, now: DateTime<Utc>) -> Uuid {
        let ms = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(ms, &self.bytes()).into_uuid()
    }

    /// A version 4 id: for what must not tell when it was made.
    pub fn v4(&self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// `N` random bytes, for salts and secrets; `N` is at most 32 with a seed.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => getrandom::fill(&mut bytes).expect("the system gives random bytes"),
            Source::Seeded { seed, drawn } => {
                let mut hash = Sha256::new();
                hash.update(seed.to_be_bytes());
                hash.update(drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes());
                bytes.copy_from_slice(&hash.finalize()[..N]);
            }
        }
        bytes
    }

    /// The id of the `ordinal`-th event of a command: the same command makes the same ids, so a retry is
    /// seen.
    pub fn of_event(command_id: Uuid, ordinal: u32) -> Uuid {
        Uuid::new_v5(&command_id, &ordinal.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_chance_does_not() {
        let (a, b) = (Ids::seeded(7), Ids::seeded(7));
        assert_eq!((a.v4(), a.v4()), (b.v4(), b.v4()));
        assert_ne!(a.v4(), Ids::seeded(8).v4());
        assert_ne!(Ids::random().v4(), Ids::random().v4());
    }

    #[test]
    fn version_seven_sorts_by_time() {
        let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
        let (early, late) =
            (Ids::random().v7(at(1_700_000_000_000)), Ids::random().v7(at(1_700_000_000_001)));
        assert!(early < late);
        assert_eq!(early.get_version_num(), 7);
    }

    #[test]
    fn a_command_makes_the_same_event_ids_again() {
        let command = Ids::seeded(1).v7(DateTime::UNIX_EPOCH);
        assert_eq!(Ids::of_event(command, 0), Ids::of_event(command, 0));
        assert_ne!(Ids::of_event(command, 0), Ids::of_event(command, 1));
    }
}
