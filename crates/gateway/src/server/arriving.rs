//! Bytes of incomplete requests: heads and bodies that are still arriving; on HTTP/2 also of
//! answers that their client doesn't take.
//!
//! They stay in memory until their request is complete, and anyone may send as slowly as the
//! silence limits allow. So there is a limit for all connections together, above which the sources
//! with the most bytes lose connections (decision 0269).

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// The minimum time between two checks of who holds what, because with many connections a check
/// takes a while, and so does closing.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(10);
/// The memory of a request on HTTP/2 while its body arrives, besides the bytes of its head and
/// body: its stream, and everything that waits around its handler (decision 0445).
pub(super) const REQUEST: usize = 16 * 1024;
/// The memory of an answer on HTTP/2 that its client doesn't take, besides its body, and the most
/// that counts of a body (decision 0446).
pub(super) const ANSWER: usize = 4 * 1024;
pub(super) const ANSWER_BODY: u64 = 64 * 1024;
/// The size limit of a head on HTTP/1: a login's address may be 48 KiB long, and there are cookies.
/// The library's buffer keeps no more of a request than this.
pub(super) const HEAD_BYTES: usize = 64 * 1024;
/// What a connection on HTTP/1 has in any case: the library's two buffers of 8 KiB.
const USUAL_BUFFERS: usize = 16 * 1024;
/// Much of the budget is used if more than one part in this many is.
const MUCH: usize = 4;
/// After a check, one part in this many is free.
const SLACK: usize = 16;

/// An estimate of the bytes held by one connection: never too low, and for a complete request too
/// high by at most the last chunk.
///
/// On HTTP/1 the library reads into a buffer that grows with a request and doesn't shrink, so a
/// connection that once sent a long one holds that much until it ends (decision 0456).
#[derive(Default)]
pub(super) struct ArrivingBytes {
    held: AtomicUsize,
    /// The size of the last chunk.
    last: AtomicUsize,
    /// The most bytes of one request on HTTP/1.
    longest: AtomicUsize,
    /// What the grown buffer held before the current request.
    before: AtomicUsize,
    /// Whether its requests arrive in parallel (HTTP/2). Then each request with a body is counted
    /// until it is complete, and so are frames and heads that have begun.
    is_multiplexed: AtomicBool,
}

/// The bytes held by all connections.
pub(super) struct ByteBudget {
    most: usize,
    held: AtomicUsize,
    /// When it was last checked who holds what, in milliseconds on the slots' clock.
    looked: AtomicU64,
}

impl ByteBudget {
    /// A budget of this many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            held: AtomicUsize::new(0),
            looked: AtomicU64::new(0),
        }
    }

    /// How many bytes must be freed, if a check is due; `None` if the budget is not exceeded.
    pub(super) fn excess(&self, now: u64) -> Option<usize> {
        let held = self.held.load(Ordering::Relaxed);
        let looked = self.looked.load(Ordering::Relaxed);
        let every = u64::try_from(LOOK_EVERY.as_millis()).unwrap_or(u64::MAX);
        let is_early = looked > 0 && now < looked.saturating_add(every);
        if held <= self.most || is_early {
            return None;
        }
        let now = now.max(1);
        let is_ours =
            self.looked
                .compare_exchange(looked, now, Ordering::Relaxed, Ordering::Relaxed);
        is_ours.ok()?;
        Some(held - (self.most - self.most / SLACK))
    }

    /// Whether the budget is exceeded.
    pub(super) fn is_exceeded(&self) -> bool {
        self.held.load(Ordering::Relaxed) > self.most
    }

    /// Whether much of the budget is used.
    pub(super) fn is_crowded(&self) -> bool {
        self.held.load(Ordering::Relaxed) > self.most / MUCH
    }

    fn take(&self, bytes: usize) {
        self.held.fetch_add(bytes, Ordering::Relaxed);
    }

    fn give_back(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl ArrivingBytes {
    /// How many it holds.
    pub(super) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Counts bytes that arrived over the connection.
    pub(super) fn came(&self, budget: &ByteBudget, bytes: usize) {
        if !self.is_multiplexed() {
            self.last.store(bytes, Ordering::Relaxed);
            self.add(budget, bytes);
            let before = self.before.load(Ordering::Relaxed);
            let own = self.held().saturating_sub(before);
            self.longest.fetch_max(own, Ordering::Relaxed);
        }
    }

    /// The request is complete. The last chunk may belong to the next one, and the buffer stays.
    pub(super) fn is_whole(&self, budget: &ByteBudget) {
        if !self.is_multiplexed() {
            let longest = self.longest.load(Ordering::Relaxed).min(HEAD_BYTES);
            let grown = longest.saturating_sub(USUAL_BUFFERS);
            self.keep(budget, grown.max(self.last.load(Ordering::Relaxed)));
            self.before.store(grown, Ordering::Relaxed);
        }
    }

    /// From now on bytes are counted only by what they belong to, because requests arrive in
    /// parallel, or the data is discarded.
    pub(super) fn count_by_part(&self, budget: &ByteBudget) {
        if !self.is_multiplexed.swap(true, Ordering::Relaxed) {
            self.keep(budget, 0);
        }
    }

    /// Whether bytes are counted only by what they belong to.
    pub(super) fn is_multiplexed(&self) -> bool {
        self.is_multiplexed.load(Ordering::Relaxed)
    }

    /// Counts bytes of a body, a frame or a head.
    pub(super) fn add(&self, budget: &ByteBudget, bytes: usize) {
        // In this order: another task may give these bytes back as soon as it sees them here, and
        // a budget below zero would look like one that is exceeded by far.
        budget.take(bytes);
        self.held.fetch_add(bytes, Ordering::Release);
    }

    /// Something of this many bytes is complete.
    pub(super) fn remove(&self, budget: &ByteBudget, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
        budget.give_back(bytes);
    }

    /// Lowers the count to at most this.
    pub(super) fn keep(&self, budget: &ByteBudget, most: usize) {
        let before = self.held.fetch_min(most, Ordering::AcqRel);
        budget.give_back(before.saturating_sub(most));
    }
}

/// Chooses which connections to close in order to free `excess` bytes: every source may keep the
/// same amount, and gives up its largest connections first.
pub(super) fn above<T>(
    sources: impl IntoIterator<Item = Vec<(usize, T)>>,
    excess: usize,
) -> Vec<T> {
    let mut all = Vec::new();
    for mut own in sources {
        own.sort_unstable_by_key(|(bytes, _)| *bytes);
        let mut level = 0_usize;
        for (bytes, one) in own {
            level = level.saturating_add(bytes);
            all.push((level, bytes, one));
        }
    }
    all.sort_unstable_by_key(|(level, ..)| Reverse(*level));
    let (mut left, mut leaving) = (excess, Vec::new());
    for (_, bytes, one) in all {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(bytes);
        leaving.push(one);
    }
    leaving
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_that_hold_most_give_up_their_largest() {
        let flood: Vec<(usize, &str)> = vec![(60, "flood"); 20];
        let sources = || [flood.clone(), vec![(200, "honest"), (10, "honest")]];
        assert!(above(sources(), 0).is_empty());
        assert_eq!(above(sources(), 100), ["flood"; 2]);
        assert_eq!(above(sources(), 900), ["flood"; 15]);
        // Below what the honest one holds, both lose connections.
        let leaving = above(sources(), 1_060);
        assert_eq!(leaving.iter().filter(|who| **who == "honest").count(), 1);
        assert_eq!(above([vec![(5, "small"), (50, "large")]], 1), ["large"]);
    }

    /// Decision 0456.
    #[test]
    fn a_buffer_that_has_grown_is_held_until_the_end() {
        let budget = ByteBudget::new(1 << 20);
        let one = ArrivingBytes::default();
        let request = |chunks: [usize; 2]| {
            for bytes in chunks {
                one.came(&budget, bytes);
            }
            one.is_whole(&budget);
            one.held()
        };
        assert_eq!(request([10_000, 2]), 2, "it fits into the usual buffers");
        // The last chunk before it may belong to it.
        let grown = 40_002 - USUAL_BUFFERS;
        for _ in 0..20 {
            assert_eq!(request([39_998, 2]), grown);
        }
        assert_eq!(request([300, 2]), grown);
        // A body may be longer than the buffer.
        assert_eq!(request([250_000, 2]), HEAD_BYTES - USUAL_BUFFERS);
        one.keep(&budget, 0);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
    }

    /// On HTTP/1 a request may be completed by another task while its connection reads on.
    #[test]
    fn what_is_given_back_was_taken_before() {
        let budget = ByteBudget::new(1 << 20);
        let (one, is_over) = (ArrivingBytes::default(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    one.keep(&budget, 0);
                    assert!(!budget.is_exceeded());
                }
            });
            for _ in 0..100_000 {
                one.came(&budget, 1);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        one.keep(&budget, 0);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_is_whole_is_held_no_longer() {
        let budget = ByteBudget::new(100);
        let (one, other) = (ArrivingBytes::default(), ArrivingBytes::default());
        one.came(&budget, 60);
        one.came(&budget, 30);
        assert_eq!(budget.excess(5), None);
        other.came(&budget, 50);
        assert_eq!(budget.excess(5), Some(140 - 94));
        assert_eq!(budget.excess(6), None, "it was just looked");
        one.is_whole(&budget);
        assert_eq!((one.held(), budget.excess(1_000)), (30, None));
        // Bodies that arrive in parallel are completed one by one.
        other.count_by_part(&budget);
        other.came(&budget, 1_000);
        other.add(&budget, 70);
        other.add(&budget, 20);
        other.remove(&budget, 70);
        other.is_whole(&budget);
        assert_eq!((other.held(), budget.excess(2_000)), (20, None));
        one.keep(&budget, 0);
        other.remove(&budget, 20);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
    }
}
