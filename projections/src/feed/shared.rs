//! Equal values in memory once, for as long as somebody holds them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::chunk::ContentKey;

/// Values by content; forgotten some time after their last holder is gone.
#[derive(Debug)]
pub(super) struct Shared<T> {
    known: Mutex<Known<T>>,
}

#[derive(Debug)]
struct Known<T> {
    values: HashMap<ContentKey, Weak<T>>,
    /// The dead are swept out when there are this many; twice the living, so that sweeping costs little per value.
    sweep_at: usize,
}

const SWEEP_AT_MIN: usize = 64;

impl<T> Shared<T> {
    pub(super) fn new() -> Self {
        Self { known: Mutex::new(Known { values: HashMap::new(), sweep_at: SWEEP_AT_MIN }) }
    }

    /// The value of this content, made if nobody holds one. Makers do not wait for each other: two that make the same at the same time
    /// both get the one that was done first.
    pub(super) fn get_or_make(&self, key: ContentKey, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(value) = self.with(|known| known.values.get(&key).and_then(Weak::upgrade)) {
            return value;
        }
        let own = Arc::new(make());
        self.with(|known| {
            if let Some(first) = known.values.get(&key).and_then(Weak::upgrade) {
                return first;
            }
            if known.values.len() >= known.sweep_at {
                known.values.retain(|_, value| value.strong_count() > 0);
                known.sweep_at = SWEEP_AT_MIN.max(2 * known.values.len());
            }
            known.values.insert(key, Arc::downgrade(&own));
            own
        })
    }

    /// A panic elsewhere leaves the map whole: each change is one insert or one sweep.
    fn with<R>(&self, act: impl FnOnce(&mut Known<T>) -> R) -> R {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the values that somebody holds have of something, together.
    pub(super) fn sum(&self, of: impl Fn(&T) -> u64) -> u64 {
        let values: Vec<Arc<T>> =
            self.with(|known| known.values.values().filter_map(Weak::upgrade).collect());
        values.iter().map(|value| of(value)).sum()
    }

    #[cfg(test)]
    pub(super) fn living(&self) -> usize {
        self.with(|known| known.values.values().filter(|value| value.strong_count() > 0).count())
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.with(|known| known.values.len())
    }
}
