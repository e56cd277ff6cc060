//! What is fetched from elsewhere and kept for a while: metadata and keys of issuers.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// After this it is fetched again, so that what was withdrawn ends.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// While it cannot be fetched, it is used for as long as this.
const USABLE: TimeDelta = TimeDelta::hours(24);

/// Something that is fetched when it is needed, and kept: for an hour, or for a day when it cannot be fetched again.
pub(crate) struct Kept<T, E> {
    ask_every: TimeDelta,
    value: Option<Arc<T>>,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    failure: Option<Arc<E>>,
}

impl<T, E> Kept<T, E> {
    /// Nothing yet. It will be asked for at most this often, however it is wanted.
    pub(crate) fn new(ask_every: TimeDelta) -> Self {
        Self { ask_every, value: None, fetched_at: None, asked_at: None, failure: None }
    }

    /// Whether to fetch it now, for it is old or does not suffice. Who is told so fetches, and tells [`Kept::take_in`].
    pub(crate) fn wants(&mut self, now: DateTime<Utc>, suffices: impl Fn(&Arc<T>) -> bool) -> bool {
        let good = within(self.fetched_at, FRESH, now) && self.value.as_ref().is_some_and(suffices);
        // Who asked first may have gone away before the answer came.
        let unanswered = self.failure.is_none() && !within(self.fetched_at, USABLE, now);
        let may_ask = unanswered || !within(self.asked_at, self.ask_every, now);
        if !good && may_ask {
            self.asked_at = Some(now);
        }
        !good && may_ask
    }

    /// Takes in what was fetched. A failure leaves what was there.
    pub(crate) fn take_in(&mut self, now: DateTime<Utc>, fetched: Result<T, E>) {
        match fetched {
            Ok(value) => {
                self.value = Some(Arc::new(value));
                self.fetched_at = Some(now);
                self.failure = None;
            }
            Err(failure) => self.failure = Some(Arc::new(failure)),
        }
    }

    /// What is kept. Whether it suffices is for the caller to see. An error is that of the last attempt. There is always
    /// something when what [`Kept::wants`] asked for was taken in.
    pub(crate) fn get(&self, now: DateTime<Utc>) -> Option<Result<Arc<T>, Arc<E>>> {
        let usable = self.value.as_ref().filter(|_| within(self.fetched_at, USABLE, now));
        let value = usable.map(|value| Ok(Arc::clone(value)));
        value.or_else(|| self.failure.as_ref().map(|failure| Err(Arc::clone(failure))))
    }
}

/// Whether a time was less than a while ago. A clock that was set back makes it long ago.
fn within(then: Option<DateTime<Utc>>, a_while: TimeDelta, now: DateTime<Utc>) -> bool {
    then.is_some_and(|then| now.signed_duration_since(then).abs() < a_while)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_900_000_000 + seconds, 0).expect("a time")
    }

    #[test]
    fn an_attempt_that_was_given_up_does_not_stand_in_the_way() {
        let mut kept = Kept::<u8, ()>::new(TimeDelta::minutes(1));
        assert!(kept.wants(at(0), |_| true));
        assert!(kept.get(at(0)).is_none());
        assert!(kept.wants(at(0), |_| true), "no answer was taken in");
        kept.take_in(at(0), Ok(7));
        assert!(!kept.wants(at(0), |_| true));
    }

    #[test]
    fn what_is_too_old_is_not_told_even_if_nobody_waited_for_the_news() {
        let mut kept = Kept::<u8, ()>::new(TimeDelta::minutes(1));
        kept.take_in(at(0), Ok(7));
        for _ in 0..2 {
            assert!(kept.wants(at(86_400), |_| true));
            assert_eq!(kept.get(at(86_400)), None);
        }
    }

    #[test]
    fn what_is_kept_is_asked_for_again_when_it_is_old_or_does_not_suffice() {
        let mut kept = Kept::<u8, u8>::new(TimeDelta::minutes(1));
        for (now, suffices, next, expected) in [
            (0, true, Err(1), Err(1)),
            (59, true, Ok(2), Err(1)),
            (60, true, Ok(2), Ok(2)),
            (119, false, Ok(3), Ok(2)),
            (120, false, Ok(3), Ok(3)),
            (3719, true, Ok(4), Ok(3)),
            (3720, true, Err(5), Ok(3)),
            (86_519, true, Err(5), Ok(3)),
            (86_579, true, Err(6), Err(6)),
            (-10_000, true, Ok(7), Ok(7)),
        ] {
            if kept.wants(at(now), |_| suffices) {
                kept.take_in(at(now), next);
            }
            let got = kept.get(at(now)).map(|got| got.map(|value| *value).map_err(|failure| *failure));
            assert_eq!(got, Some(expected), "at {now}");
        }
    }
}
