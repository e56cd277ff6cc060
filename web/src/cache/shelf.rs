//! Where pages are kept: found by their address, bounded in number and bytes, gone when the log grows.

use super::CacheLimits;
use super::kept::Kept;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Held by whoever makes a page; says afterwards whether it turned out that it cannot be kept.
pub(super) type Flight = Arc<tokio::sync::Mutex<bool>>;

/// What there is for an address.
#[derive(Debug)]
pub(super) enum Found {
    /// The page.
    Kept(Arc<Kept>),
    /// Nothing; whoever gets this lock first makes it.
    Wanted(Flight),
}

/// All pages that are kept.
#[derive(Debug)]
pub(super) struct Shelf {
    limits: CacheLimits,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The log stood here when these were made.
    head: u64,
    pages: HashMap<String, Slot>,
    bytes: usize,
    /// Counts what is asked, to know what was asked for longest ago.
    asked: u64,
}

#[derive(Debug, Default)]
struct Slot {
    flight: Flight,
    page: Option<(Arc<Kept>, DateTime<Utc>)>,
    asked: u64,
}

impl Shelf {
    pub(super) fn new(limits: CacheLimits) -> Self {
        Self { limits, inner: Mutex::default() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here panics half way.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page at this address, if the log still ends at `head` and it is not too old.
    pub(super) fn look(&self, address: &str, head: u64, now: DateTime<Utc>) -> Found {
        let mut inner = self.inner();
        inner.reach(head);
        inner.asked += 1;
        let (asked, known) = (inner.asked, inner.head);
        let fresh = |made_at: DateTime<Utc>| made_at <= now && now - made_at < self.limits.beat;
        if let Some(slot) = inner.pages.get_mut(address) {
            slot.asked = asked;
            return match &slot.page {
                Some((kept, made_at)) if fresh(*made_at) && head == known => Found::Kept(kept.clone()),
                _ => Found::Wanted(slot.flight.clone()),
            };
        }
        inner.make_room(1, 0, self.limits);
        let slot = Slot { asked, ..Slot::default() };
        let flight = slot.flight.clone();
        inner.pages.insert(address.to_owned(), slot);
        Found::Wanted(flight)
    }

    /// Keeps a page that shows the log up to `head`.
    pub(super) fn keep(&self, address: &str, head: u64, made_at: DateTime<Utc>, kept: &Arc<Kept>) {
        let mut inner = self.inner();
        inner.reach(head);
        if inner.head != head || kept.bytes() > self.limits.bytes_max {
            return;
        }
        let asked = inner.asked;
        let mut slot = inner.take(address).unwrap_or_default();
        inner.make_room(1, kept.bytes(), self.limits);
        inner.bytes += kept.bytes();
        slot.page = Some((kept.clone(), made_at));
        slot.asked = asked;
        inner.pages.insert(address.to_owned(), slot);
    }

    /// Lets the next who asks begin anew, after what this flight made could not be kept.
    pub(super) fn forget_flight(&self, address: &str, flight: &Flight) {
        let mut inner = self.inner();
        if inner.pages.get(address).is_some_and(|slot| Arc::ptr_eq(&slot.flight, flight)) {
            inner.take(address);
        }
    }

    /// The memory that all take, about.
    pub(super) fn bytes(&self) -> usize {
        self.inner().bytes
    }
}

impl Inner {
    /// The log has grown: nothing that was kept is true any more. It never shrinks, so who still sees a shorter one is late.
    fn reach(&mut self, head: u64) {
        if head > self.head {
            self.head = head;
            self.pages.clear();
            self.bytes = 0;
        }
    }

    fn take(&mut self, address: &str) -> Option<Slot> {
        let slot = self.pages.remove(address)?;
        if let Some((kept, _)) = &slot.page {
            self.bytes -= kept.bytes();
        }
        Some(slot)
    }

    /// Throws away what was asked for longest ago until there is room for so much more.
    fn make_room(&mut self, entries: usize, bytes: usize, limits: CacheLimits) {
        while !self.pages.is_empty()
            && (self.pages.len() + entries > limits.entries_max || self.bytes + bytes > limits.bytes_max)
        {
            let oldest =
                self.pages.iter().min_by_key(|(_, slot)| slot.asked).map(|(address, _)| address.clone());
            let Some(oldest) = oldest else { return };
            self.take(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use chrono::TimeDelta;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn shelf(entries_max: usize, bytes_max: usize) -> Shelf {
        Shelf::new(CacheLimits { entries_max, bytes_max, ..CacheLimits::default() })
    }

    async fn page(text: &'static str) -> Arc<Kept> {
        Arc::new(Kept::of(text.into_response(), 10_000).await.unwrap())
    }

    fn has(shelf: &Shelf, address: &str, head: u64, now: i64) -> bool {
        matches!(shelf.look(address, head, at(now)), Found::Kept(_))
    }

    #[tokio::test]
    async fn a_page_is_there_until_anything_happens() {
        let shelf = shelf(10, 1_000_000);
        assert!(!has(&shelf, "/", 7, 0));
        shelf.keep("/", 7, at(0), &page("home").await);
        assert!(has(&shelf, "/", 7, 9) && !has(&shelf, "/plugins", 7, 0));
        assert!(!has(&shelf, "/", 8, 1));
        assert_eq!(shelf.bytes(), 0);
        // Made before the deed, ready after it.
        shelf.keep("/", 7, at(1), &page("home").await);
        assert!(!has(&shelf, "/", 8, 1));
        // Who has not heard of the deed yet gets nothing old either.
        shelf.keep("/", 8, at(1), &page("home").await);
        assert!(!has(&shelf, "/", 7, 1) && has(&shelf, "/", 8, 1));
    }

    #[tokio::test]
    async fn a_page_is_there_for_one_beat() {
        let shelf = shelf(10, 1_000_000);
        shelf.keep("/", 1, at(100), &page("home").await);
        let beat = CacheLimits::default().beat;
        assert!(matches!(shelf.look("/", 1, at(100) + beat - TimeDelta::milliseconds(1)), Found::Kept(_)));
        assert!(matches!(shelf.look("/", 1, at(100) + beat), Found::Wanted(_)));
        assert!(!has(&shelf, "/", 1, 99));
    }

    #[tokio::test]
    async fn bounds_hold_at_their_edge() {
        let one = page("x").await.bytes();
        let by_bytes = shelf(10, 2 * one);
        for address in ["/1", "/2"] {
            by_bytes.keep(address, 1, at(0), &page("x").await);
        }
        assert!(by_bytes.bytes() == 2 * one && has(&by_bytes, "/1", 1, 0));
        // The one that was asked for longest ago makes room.
        by_bytes.keep("/3", 1, at(0), &page("x").await);
        assert!(by_bytes.bytes() == 2 * one);
        assert!(has(&by_bytes, "/1", 1, 0) && has(&by_bytes, "/3", 1, 0) && !has(&by_bytes, "/2", 1, 0));
        let by_number = shelf(2, 1_000_000);
        for address in ["/1", "/2", "/3"] {
            by_number.keep(address, 1, at(0), &page("x").await);
        }
        assert_eq!(by_number.inner().pages.len(), 2);
        for n in 0..100 {
            by_number.look(&format!("/?{n}"), 1, at(0));
        }
        assert_eq!(by_number.inner().pages.len(), 2);
        assert_eq!(by_number.bytes(), 0);
        // One that is larger than all that may be kept throws nothing away.
        let small = shelf(10, one - 1);
        small.keep("/", 1, at(0), &page("x").await);
        assert_eq!(small.bytes(), 0);
    }

    #[tokio::test]
    async fn a_page_that_is_kept_again_is_counted_once() {
        let shelf = shelf(10, 1_000_000);
        let one = page("x").await;
        shelf.keep("/", 1, at(0), &one);
        shelf.keep("/", 1, at(5), &one);
        assert_eq!(shelf.bytes(), one.bytes());
    }
}
