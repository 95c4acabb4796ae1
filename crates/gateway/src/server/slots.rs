//! Tracks connections, how long each has been silent, and which to close if there is no room.
//!
//! A connection that waits for its client costs only a slot, but a stranger can occupy thousands of
//! slots for free. So silence has limits, and when slots run out, silent connections are closed:
//! first those of the sources with the most connections, however many such sources there are, then
//! those that never sent a request, then those that have been silent longest. A request whose body
//! doesn't arrive counts as silence, too. A client that sends requests always finds a slot
//! (decisions 0100 and 0156). Connections on HTTP/2, which take up more memory, are limited further
//! for each source (decision 0470).
//!
//! Incomplete requests also have a budget, above which connections are cut off whatever they are
//! doing (decision 0269). Answers that clients don't read share it (decision 0446).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::arriving::{ANSWER, ANSWER_BODY, ArrivingBytes, ByteBudget, LOOK_EVERY, REQUEST, above};
use super::trouble::Trouble;
use crate::kit::clock::Stopwatch;
use crate::web::client::Source;

/// A source may occupy one slot in this many.
const SHARE: usize = 4;
/// How many HTTP/2 connections one source may have. Each takes up about 50 KiB even if it is idle,
/// most of it in buffers of the HTTP library that have no setting (decision 0470).
const HTTP2_OF_SOURCE: usize = 1_024;
/// One in this many silent connections is closed at once, because finding them takes long if there
/// are many.
const LEAVING: usize = 16;

/// How long a connection may be silent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silence {
    /// From its beginning until its first request has been read.
    pub(super) first: Duration,
    /// From an answer until the next request has been read.
    pub(super) next: Duration,
}

/// All slots. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct ConnectionSlots(Arc<ConnectionSlotsInner>);

struct ConnectionSlotsInner {
    most: usize,
    clock: Stopwatch,
    taken: AtomicUsize,
    next: AtomicU64,
    sources: Mutex<HashMap<Source, SourceConnections>>,
    /// A slot was freed, or a connection that could be closed has become silent.
    moved: Notify,
    arriving: ByteBudget,
    /// Whether a check of who holds what is already scheduled.
    looks_again: AtomicBool,
    cut: Mutex<Trouble>,
    no_room: Mutex<Trouble>,
    floods: Mutex<Trouble>,
}

/// The connections of one source.
#[derive(Default)]
struct SourceConnections {
    all: HashMap<u64, Arc<Sitting>>,
    /// How many of them have [`Sitting::is_http2`].
    http2: usize,
}

/// The state of a connection.
#[derive(Default)]
struct Sitting {
    /// Milliseconds on the slots' clock, at its beginning, its last answer or the head of its last
    /// request.
    since: AtomicU64,
    /// Requests being answered.
    requests: AtomicUsize,
    /// How many of them have bodies that have not arrived.
    uploads: AtomicUsize,
    has_asked: AtomicBool,
    is_leaving: AtomicBool,
    /// Whether it must be closed whatever it is doing, because it holds too much.
    is_cut: AtomicBool,
    leave: Notify,
    arriving: ArrivingBytes,
    /// Whether it comes from a proxy, which represents many clients.
    is_shared: bool,
    /// Whether it is one of the HTTP/2 connections that its source may have.
    is_http2: AtomicBool,
}

/// A connection's slot; it is freed when dropped.
pub(super) struct ConnectionSlot {
    slots: ConnectionSlots,
    source: Source,
    id: u64,
    sitting: Arc<Sitting>,
}

/// A request being answered, until dropped.
pub(super) struct Busy(Arc<ConnectionSlot>);

/// A body being received, until dropped.
pub(super) struct Upload {
    slot: Arc<ConnectionSlot>,
    /// The bytes counted for this request alone.
    bytes: usize,
}

/// An answer on HTTP/2 that its client has not taken yet, until dropped.
pub(super) struct Untaken {
    slot: Arc<ConnectionSlot>,
    bytes: usize,
}

impl ConnectionSlots {
    /// With this many slots, and this many bytes for incomplete requests.
    pub(super) fn new(most: usize, unfinished: usize) -> Self {
        Self(Arc::new(ConnectionSlotsInner {
            most: most.max(1),
            clock: Stopwatch::start(),
            taken: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            sources: Mutex::default(),
            moved: Notify::new(),
            arriving: ByteBudget::new(unfinished),
            looks_again: AtomicBool::new(false),
            cut: Mutex::default(),
            no_room: Mutex::default(),
            floods: Mutex::default(),
        }))
    }

    /// Waits until there is room for another connection, and asks silent ones to leave if there is
    /// none. Calls `all_busy` if none can be asked.
    pub(super) async fn room(&self, mut all_busy: impl FnMut()) {
        while self.is_full() {
            if !self.make_room() {
                all_busy();
            }
            self.0.moved.notified().await;
        }
    }

    /// Asks some silent connections to leave. Returns false if all are busy.
    pub(super) fn make_room(&self) -> bool {
        ask_to_leave(self.sources().values())
    }

    /// Takes a slot for a connection. Those from an operator's proxy (`is_shared`) represent many
    /// clients and have no limit. `None` if the source already has its share, and all of those are
    /// busy.
    pub(super) fn take(&self, source: Source, is_shared: bool) -> Option<Arc<ConnectionSlot>> {
        let mut sources = self.sources();
        let own = sources.entry(source).or_default();
        let has_its_share = !is_shared && own.all.len() >= self.0.most.div_ceil(SHARE);
        if has_its_share && !ask_to_leave(std::iter::once(&*own)) {
            return None;
        }
        let sitting = Arc::new(Sitting {
            is_shared,
            ..Sitting::default()
        });
        sitting.since.store(self.now(), Ordering::Relaxed);
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        own.all.insert(id, sitting.clone());
        self.0.taken.fetch_add(1, Ordering::Relaxed);
        Some(Arc::new(ConnectionSlot {
            slots: self.clone(),
            source,
            id,
            sitting,
        }))
    }

    /// Cuts connections off if all of them together hold too many bytes of incomplete requests.
    fn shed(&self) {
        // Nearly always: no need to read the clock.
        if !self.0.arriving.is_exceeded() {
            return;
        }
        let Some(excess) = self.0.arriving.excess(self.now()) else {
            self.shed_later();
            return;
        };
        let sources = self.sources();
        // Some are already being closed.
        let (mut going, mut holding) = (0, Vec::new());
        for own in sources.values() {
            let mut of_source = Vec::new();
            for sitting in own.all.values() {
                match (sitting.arriving.held(), sitting.is_shared) {
                    (0, _) => {}
                    (bytes, _) if sitting.is_cut.load(Ordering::Relaxed) => going += bytes,
                    (bytes, true) => holding.push(vec![(bytes, sitting)]),
                    (bytes, false) => of_source.push((bytes, sitting)),
                }
            }
            holding.push(of_source);
        }
        let leaving = above(holding, excess.saturating_sub(going));
        for sitting in &leaving {
            sitting.is_cut.store(true, Ordering::Relaxed);
            sitting.is_leaving.store(true, Ordering::Relaxed);
            sitting.leave.notify_one();
        }
        if leaving.is_empty() {
            return;
        }
        let mut cut = self.0.cut.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = cut.is_due() {
            let connections = leaving.len();
            tracing::warn!(
                times,
                connections,
                "connections were ended: requests that are still arriving, or answers that nobody reads, take too much \
                 memory"
            );
        }
    }

    /// Schedules a check: the last one was just now, and there may be no further input to trigger
    /// the next.
    fn shed_later(&self) {
        if self.0.looks_again.swap(true, Ordering::Relaxed) {
            return;
        }
        let slots = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(LOOK_EVERY * 2).await;
            slots.0.looks_again.store(false, Ordering::Relaxed);
            slots.shed();
        });
    }

    fn is_full(&self) -> bool {
        self.0.taken.load(Ordering::Acquire) >= self.0.most
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.clock.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn sources(&self) -> MutexGuard<'_, HashMap<Source, SourceConnections>> {
        self.0
            .sources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sitting {
    /// Whether it is our turn to act.
    fn is_working(&self) -> bool {
        self.requests.load(Ordering::Acquire) > self.uploads.load(Ordering::Acquire)
    }
}

/// A connection that can be asked to leave.
struct Silent<'s> {
    /// How many of its source's connections of the same kind are younger; the kinds are those that
    /// have sent a request, and those that never did.
    rank: usize,
    has_asked: bool,
    since: u64,
    sitting: &'s Sitting,
}

/// Asks some silent connections of these sources to leave, unless others are already being closed.
/// Returns false if all are busy.
///
/// All sources may keep the same number: a flood from a few hundred addresses, each with a few
/// connections, displaces its own connections rather than a client that pauses.
fn ask_to_leave<'s>(sources: impl Iterator<Item = &'s SourceConnections>) -> bool {
    let mut silent: Vec<Silent<'_>> = Vec::new();
    for own in sources {
        let first = silent.len();
        for sitting in own.all.values().filter(|sitting| !sitting.is_working()) {
            if sitting.is_leaving.load(Ordering::Relaxed) {
                return true;
            }
            silent.push(Silent {
                rank: 0,
                has_asked: sitting.has_asked.load(Ordering::Relaxed),
                since: sitting.since.load(Ordering::Relaxed),
                sitting,
            });
        }
        rank(silent.get_mut(first..).unwrap_or_default());
    }
    if silent.is_empty() {
        return false;
    }
    let last = silent.len() / LEAVING;
    silent.select_nth_unstable_by_key(last, |one| (Reverse(one.rank), one.has_asked, one.since));
    silent.truncate(last + 1);
    let is_crowded = silent.iter().any(|one| one.rank > 0);
    // The only connection of its source stays as long as another source has two.
    for one in silent.iter().filter(|one| one.rank > 0 || !is_crowded) {
        one.sitting.is_leaving.store(true, Ordering::Relaxed);
        one.sitting.leave.notify_one();
    }
    true
}

/// Ranks the silent connections of one source, the youngest of each kind first.
fn rank(own: &mut [Silent<'_>]) {
    own.sort_unstable_by_key(|one| (one.has_asked, Reverse(one.since)));
    let fresh = own.partition_point(|one| !one.has_asked);
    let (fresh, resting) = own.split_at_mut(fresh);
    for kind in [fresh, resting] {
        for (rank, one) in kind.iter_mut().enumerate() {
            one.rank = rank;
        }
    }
}

impl SourceConnections {
    /// Counts one more HTTP/2 connection. If there are too many, some leave, those first that have
    /// been silent longest; if all others are busy, the new one does.
    fn add_http2(&mut self, new: &Arc<Sitting>) {
        if new.is_http2.swap(true, Ordering::Relaxed) {
            return;
        }
        self.http2 += 1;
        if self.http2 <= HTTP2_OF_SOURCE {
            return;
        }
        let may_go = |sitting: &&Arc<Sitting>| {
            let is_leaving = sitting.is_leaving.load(Ordering::Relaxed);
            let is_http2 = sitting.is_http2.load(Ordering::Relaxed);
            is_http2 && !is_leaving && !sitting.is_working() && !Arc::ptr_eq(sitting, new)
        };
        let silent = self.all.values().filter(may_go);
        let mut going: Vec<(u64, &Arc<Sitting>)> = silent
            .map(|sitting| (sitting.since.load(Ordering::Relaxed), sitting))
            .collect();
        if going.is_empty() {
            going.push((0, new));
        }
        let last = going.len() / LEAVING;
        going.select_nth_unstable_by_key(last, |(since, _)| *since);
        going.truncate(last + 1);
        for (_, sitting) in &going {
            sitting.is_http2.store(false, Ordering::Relaxed);
            sitting.is_leaving.store(true, Ordering::Relaxed);
            sitting.leave.notify_one();
        }
        self.http2 -= going.len();
    }

    /// A connection has ended.
    fn remove(&mut self, id: u64) {
        let ended = self.all.remove(&id);
        if ended.is_some_and(|sitting| sitting.is_http2.load(Ordering::Relaxed)) {
            self.http2 -= 1;
        }
    }
}

impl ConnectionSlot {
    /// Records that a request is being answered.
    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.sitting
            .since
            .store(self.slots.now(), Ordering::Relaxed);
        self.sitting.requests.fetch_add(1, Ordering::AcqRel);
        self.sitting.has_asked.store(true, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// Records bytes that arrived.
    pub(super) fn received(&self, bytes: usize) {
        self.sitting.arriving.came(&self.slots.0.arriving, bytes);
        self.slots.shed();
    }

    /// Records that further input is discarded.
    pub(super) fn throws_away(&self) {
        let budget = &self.slots.0.arriving;
        self.sitting.arriving.count_by_part(budget);
    }

    /// Records that the connection's requests arrive in parallel.
    pub(super) fn is_multiplexed(&self) {
        let budget = &self.slots.0.arriving;
        self.sitting.arriving.count_by_part(budget);
        if !self.sitting.is_shared
            && let Some(own) = self.slots.sources().get_mut(&self.source)
        {
            own.add_http2(&self.sitting);
        }
    }

    /// Records how many bytes of incomplete frames and heads the connection has, and how many it
    /// had `before`.
    pub(super) fn has_unfinished(&self, before: usize, now: usize) {
        let budget = &self.slots.0.arriving;
        if now > before {
            self.sitting.arriving.add(budget, now - before);
            self.slots.shed();
        } else {
            self.sitting.arriving.remove(budget, before - now);
        }
    }

    /// Logs that it ends because it sent too many frames that carry nothing.
    pub(super) fn floods(&self) {
        let floods = self.slots.0.floods.lock();
        let mut floods = floods.unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = floods.is_due() {
            tracing::warn!(
                times,
                "a connection was ended: its client sent frames that carry nothing without end"
            );
        }
    }

    /// Whether it comes from a proxy of the operator's, so that it carries many clients' requests.
    pub(super) fn is_of_proxy(&self) -> bool {
        self.sitting.is_shared
    }

    /// Whether it must end at once, whatever it is doing.
    pub(super) fn is_cut(&self) -> bool {
        self.sitting.is_cut.load(Ordering::Relaxed)
    }

    /// Whether a request has arrived yet.
    pub(super) fn has_asked(&self) -> bool {
        self.sitting.has_asked.load(Ordering::Relaxed)
    }

    /// Whether the connection may be ended: no request is being answered, or it has to make room
    /// and is waiting for its client, or it holds too much.
    pub(super) fn may_end(&self) -> bool {
        !self.is_busy() || self.is_leaving() && !self.sitting.is_working() || self.is_cut()
    }

    /// Whether it has to make room.
    pub(super) fn is_leaving(&self) -> bool {
        self.sitting.is_leaving.load(Ordering::Relaxed)
    }

    /// Whether a request is being answered.
    fn is_busy(&self) -> bool {
        self.sitting.requests.load(Ordering::Acquire) > 0
    }

    /// Waits until the connection has been silent for too long, or has to make room.
    pub(super) async fn is_over(&self, silence: impl Fn() -> Silence) {
        loop {
            let Silence { first, next } = silence();
            let most = if self.has_asked() { next } else { first };
            let left = match self.silent() {
                Some(silent) if silent >= most => return,
                Some(silent) => most.saturating_sub(silent),
                None => next,
            };
            // The first request may arrive meanwhile, and then less time may be left.
            tokio::select! {
                () = tokio::time::sleep(left.min(next)) => {}
                () = self.sitting.leave.notified() => return,
            }
        }
    }

    /// How long no request has arrived; `None` while one is being answered.
    fn silent(&self) -> Option<Duration> {
        if self.is_busy() {
            return None;
        }
        let since = self.sitting.since.load(Ordering::Relaxed);
        Some(Duration::from_millis(
            self.slots.now().saturating_sub(since),
        ))
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.sitting.arriving.keep(&self.slots.0.arriving, 0);
        let mut sources = self.slots.sources();
        if let Some(own) = sources.get_mut(&self.source) {
            own.remove(self.id);
            if own.all.is_empty() {
                sources.remove(&self.source);
            }
        }
        drop(sources);
        self.slots.0.taken.fetch_sub(1, Ordering::Release);
        self.slots.0.moved.notify_one();
    }
}

impl Busy {
    /// Records that the request has no body.
    pub(super) fn is_whole(&self) {
        let budget = &self.0.slots.0.arriving;
        self.0.sitting.arriving.is_whole(budget);
    }

    /// Records that the request's body is still to arrive. On HTTP/2 a connection has many of
    /// these, so the request itself is counted, too, with the bytes of its head.
    pub(super) fn upload(&self, head: usize) -> Upload {
        self.0.sitting.uploads.fetch_add(1, Ordering::AcqRel);
        let mut upload = Upload {
            slot: self.0.clone(),
            bytes: 0,
        };
        upload.received(REQUEST + head);
        upload
    }

    /// Whether the request may be handled; if not, that is logged. If the budget is exceeded, an
    /// HTTP/2 connection that already has a part of it gets no further: until connections are cut,
    /// each would add dozens of requests. A proxy's carry many clients' requests (decision 0445).
    pub(super) fn has_room(&self) -> bool {
        let ConnectionSlot { slots, sitting, .. } = &*self.0;
        let has_room = !slots.0.arriving.is_exceeded()
            || !sitting.arriving.is_multiplexed()
            || sitting.is_shared
            || sitting.arriving.held() < REQUEST;
        if !has_room {
            let no_room = slots.0.no_room.lock();
            let mut no_room = no_room.unwrap_or_else(PoisonError::into_inner);
            if let Some(times) = no_room.is_due() {
                tracing::warn!(
                    times,
                    "requests were answered 503: requests that are still arriving take too much memory"
                );
            }
        }
        has_room
    }

    /// Whether it shares its connection with a proxy's other clients while much of the budget is
    /// used.
    pub(super) fn is_crowded(&self) -> bool {
        let ConnectionSlot { slots, sitting, .. } = &*self.0;
        sitting.is_shared && sitting.arriving.is_multiplexed() && slots.0.arriving.is_crowded()
    }

    /// Records that its answer, with this many bytes, is waiting for the client to take it. `None`
    /// on HTTP/1, where a connection has only one.
    pub(super) fn untaken(&self, body: u64) -> Option<Untaken> {
        let ConnectionSlot { slots, sitting, .. } = &*self.0;
        if !sitting.arriving.is_multiplexed() {
            return None;
        }
        let bytes = ANSWER + usize::try_from(body.min(ANSWER_BODY)).unwrap_or_default();
        sitting.arriving.add(&slots.0.arriving, bytes);
        let slot = self.0.clone();
        slots.shed();
        Some(Untaken { slot, bytes })
    }
}

impl Drop for Untaken {
    fn drop(&mut self) {
        let ConnectionSlot { slots, sitting, .. } = &*self.slot;
        sitting.arriving.remove(&slots.0.arriving, self.bytes);
    }
}

impl Upload {
    /// Records bytes of the request. On HTTP/1 they have already been counted.
    pub(super) fn received(&mut self, bytes: usize) {
        let ConnectionSlot { slots, sitting, .. } = &*self.slot;
        if bytes > 0 && sitting.arriving.is_multiplexed() {
            self.bytes += bytes;
            sitting.arriving.add(&slots.0.arriving, bytes);
            slots.shed();
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let ConnectionSlot { slots, sitting, .. } = &*self.slot;
        sitting.uploads.fetch_sub(1, Ordering::AcqRel);
        sitting.arriving.remove(&slots.0.arriving, self.bytes);
        sitting.arriving.is_whole(&slots.0.arriving);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let ConnectionSlot { slots, sitting, .. } = &*self.0;
        sitting.arriving.is_whole(&slots.0.arriving);
        // In this order: without requests and with an old time, it would seem to have been silent
        // for long.
        sitting.since.store(slots.now(), Ordering::Relaxed);
        let before = sitting.requests.fetch_sub(1, Ordering::AcqRel);
        if before == 1 && slots.is_full() {
            slots.0.moved.notify_one();
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn source(last: u8) -> Source {
        Source::of_address([192, 0, 2, last].into())
    }

    #[tokio::test]
    async fn those_that_never_asked_leave_first_and_the_busy_stay() {
        let slots = ConnectionSlots::new(4, usize::MAX);
        let mut taken: Vec<_> = (0..4)
            .map(|last| slots.take(source(last), false).unwrap())
            .collect();
        let busy = taken[0].begin();
        drop(taken[1].begin());
        assert!(slots.make_room());
        // One of the two that never sent a request.
        let first = taken.iter().position(|slot| slot.is_leaving()).unwrap();
        assert!(first >= 2, "{first}");
        // While it is being closed, no other has to go.
        let room = slots.room(|| ());
        tokio::pin!(room);
        assert!((&mut room).now_or_never().is_none());
        assert!(!taken[..2].iter().any(|slot| slot.is_leaving()));
        let gone = taken.remove(first);
        assert!(!taken[2].is_leaving());
        drop(gone);
        room.await;
        taken.push(slots.take(source(4), false).unwrap());
        assert!(slots.make_room());
        assert!(!taken[..2].iter().any(|slot| slot.is_leaving()));
        drop(busy);
    }

    #[test]
    fn a_flood_from_many_addresses_displaces_nobody_who_pauses() {
        let slots = ConnectionSlots::new(768, usize::MAX);
        let take = |net: u8, last: u8| {
            let address = [198, 51, net, last].into();
            slots.take(Source::of_address(address), false).unwrap()
        };
        // Homes with one connection of each kind.
        let honest: Vec<_> = (0..40).map(|number| take(0, number / 2)).collect();
        for resting in honest.iter().step_by(2) {
            drop(resting.begin());
        }
        std::thread::sleep(Duration::from_millis(5));
        let mut flood = Vec::new();
        for number in 0..20_000_u32 {
            while slots.is_full() {
                assert!(slots.make_room());
                assert!(!honest.iter().any(|slot| slot.is_leaving()), "{number}");
                flood.retain(|slot: &Arc<ConnectionSlot>| !slot.is_leaving());
            }
            let slot = take(1, u8::try_from(number % 200).unwrap());
            if number / 200 % 2 == 0 {
                drop(slot.begin());
            }
            flood.push(slot);
        }
    }

    #[tokio::test]
    async fn if_all_are_busy_the_first_to_fall_silent_makes_room() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let busy = slot.begin();
        assert!(!slots.make_room());
        let room = tokio::spawn({
            let slots = slots.clone();
            async move { slots.room(|| ()).await }
        });
        tokio::task::yield_now().await;
        drop(busy);
        let long = Duration::from_secs(60);
        let silence = || Silence {
            first: long,
            next: long,
        };
        slot.is_over(silence).await;
        drop(slot);
        room.await.unwrap();
    }

    #[test]
    fn a_source_has_its_share_and_a_proxy_has_no_limit() {
        let slots = ConnectionSlots::new(8, usize::MAX);
        let (one, other, proxy) = (source(1), source(2), source(3));
        let taken: Vec<_> = (0..2).map(|_| slots.take(one, false).unwrap()).collect();
        let busy: Vec<Busy> = taken.iter().map(ConnectionSlot::begin).collect();
        assert!(slots.take(one, false).is_none());
        let theirs = slots.take(other, false).unwrap();
        let shared: Vec<_> = (0..4).map(|_| slots.take(proxy, true).unwrap()).collect();
        drop(busy);
        let third = slots.take(one, false).unwrap();
        assert_eq!(taken.iter().filter(|slot| slot.is_leaving()).count(), 1);
        assert!(!theirs.is_leaving() && !shared.iter().any(|slot| slot.is_leaving()));
        drop((taken, theirs, shared, third));
        assert!(slots.sources().is_empty() && !slots.is_full());
    }

    #[test]
    fn a_source_has_so_many_http2_connections_and_no_more() {
        let slots = ConnectionSlots::new(8 * HTTP2_OF_SOURCE, usize::MAX);
        let take = |last: u8, is_shared: bool| {
            let slot = slots.take(source(last), is_shared).unwrap();
            slot.is_multiplexed();
            slot
        };
        let going =
            |taken: &[Arc<ConnectionSlot>]| taken.iter().filter(|slot| slot.is_leaving()).count();
        let http1 = slots.take(source(1), false).unwrap();
        let mut taken: Vec<_> = (0..HTTP2_OF_SOURCE).map(|_| take(1, false)).collect();
        let others: Vec<_> = (0..HTTP2_OF_SOURCE).map(|_| take(2, false)).collect();
        let proxys: Vec<_> = (0..=HTTP2_OF_SOURCE).map(|_| take(3, true)).collect();
        assert_eq!(going(&taken), 0);
        let busy: Vec<Busy> = taken.iter().take(8).map(ConnectionSlot::begin).collect();
        taken.push(take(1, false));
        // Some of those that are silent, so that the next ones find room at once.
        let gone = (HTTP2_OF_SOURCE - busy.len()) / LEAVING + 1;
        assert_eq!(going(&taken), gone);
        assert_eq!(going(&taken[..busy.len()]), 0);
        assert!(!taken[HTTP2_OF_SOURCE].is_leaving() && !http1.is_leaving());
        taken.extend((1..gone).map(|_| take(1, false)));
        assert_eq!(going(&taken), gone);
        taken.retain(|slot| !slot.is_leaving());
        assert_eq!(taken.len(), HTTP2_OF_SOURCE);
        // If all are busy, the new one goes.
        let all: Vec<Busy> = taken.iter().map(ConnectionSlot::begin).collect();
        assert!(take(1, false).is_leaving());
        assert_eq!(going(&taken) + going(&others) + going(&proxys), 0);
        drop((all, busy, taken, others, proxys, http1));
        assert!(slots.sources().is_empty());
    }

    #[test]
    fn a_request_whose_body_does_not_come_makes_room() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let busy = slot.begin();
        let upload = busy.upload(0);
        assert!(!slot.may_end() && slots.make_room() && slot.may_end());
        // It arrived after all.
        drop(upload);
        assert!(!slot.may_end() && !slots.make_room());
        drop(busy);
        assert!(slot.may_end());
    }

    #[test]
    fn a_request_on_http2_is_counted_until_its_body_is_there() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let held = || slot.sitting.arriving.held();
        let busy = slot.begin();
        // A connection has one of these on HTTP/1.
        drop(busy.upload(50));
        assert_eq!(held(), 0);
        slot.is_multiplexed();
        let mut uploads = [busy.upload(50), busy.upload(0)];
        uploads[0].received(100);
        assert_eq!(held(), 2 * REQUEST + 150);
        let [first, second] = uploads;
        drop(first);
        assert_eq!(held(), REQUEST);
        drop(second);
        assert_eq!(held(), 0);
        assert!(!slots.0.arriving.is_exceeded());
    }

    #[tokio::test]
    async fn a_connection_that_holds_much_gets_nothing_more_in() {
        let slots = ConnectionSlots::new(8, 2 * REQUEST);
        let [flood, honest, old, proxy] = [(1, false), (2, false), (3, false), (4, true)]
            .map(|(last, is_shared)| slots.take(source(last), is_shared).unwrap());
        for slot in [&flood, &honest, &proxy] {
            slot.is_multiplexed();
        }
        let busy = [&flood, &honest, &old, &proxy].map(ConnectionSlot::begin);
        let [of_flood, of_honest, of_old, of_proxy] = &busy;
        assert!(!of_proxy.is_crowded());
        let first = [of_flood.upload(0), of_flood.upload(0)];
        assert!(of_flood.has_room(), "there is still room for all");
        assert!(of_proxy.is_crowded() && !of_flood.is_crowded());
        let more = [of_flood.upload(0), of_proxy.upload(0)];
        assert!(!of_flood.has_room() && of_honest.has_room());
        assert!(of_old.has_room() && of_proxy.has_room());
        let one = of_honest.upload(0);
        assert!(!of_honest.has_room(), "it has its part");
        drop((first, more, one));
        assert!(of_flood.has_room() && of_honest.has_room());
    }

    #[tokio::test]
    async fn an_answer_on_http2_counts_until_it_is_taken() {
        let slots = ConnectionSlots::new(2, 10 * ANSWER);
        let slot = slots.take(source(1), false).unwrap();
        let held = || slot.sitting.arriving.held();
        let busy = slot.begin();
        assert!(busy.untaken(100).is_none(), "HTTP/1");
        slot.is_multiplexed();
        let untaken = [busy.untaken(100), busy.untaken(0)];
        assert_eq!(held(), 2 * ANSWER + 100);
        drop(untaken);
        assert_eq!(held(), 0);
        let large = busy.untaken(u64::MAX);
        assert_eq!(held(), ANSWER + 64 * 1024);
        assert!(slot.is_cut(), "that is more than all may hold");
        drop(large);
        assert_eq!(held(), 0);
    }

    #[tokio::test]
    async fn an_answer_begins_another_silence() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let silence = || Silence {
            first: Duration::from_millis(1),
            next: Duration::from_secs(3600),
        };
        drop(slot.begin());
        let over = tokio::time::timeout(Duration::from_millis(50), slot.is_over(silence));
        assert!(over.await.is_err());
    }
}
