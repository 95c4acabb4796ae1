//! Tracks connections, how long each has been silent, and which to close if there is no room.
//!
//! A connection that waits for its client costs only a slot, but a stranger can occupy thousands of
//! slots for free. So silence has limits, and when slots run out, silent connections are closed:
//! first those of the sources with the most connections, however many such sources there are, then
//! those that never sent a request, then those that have been silent longest. A request whose body
//! doesn't arrive counts as silence, too. A client that sends requests always finds a slot
//! (decisions 0100, 0156 and 0516). Connections on HTTP/2, which take up more memory, are limited
//! further for each source (decision 0470).
//!
//! Incomplete requests also have a budget, above which connections are cut off whatever they are
//! doing (decision 0269). Answers that clients don't read share it (decision 0446).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::arriving::{ByteBudget, LOOK_EVERY, above};
use super::source_connections::{ConnectionState, SourceConnections, ask_to_leave};
use super::source_frames::SourceFrames;
use super::trouble::Trouble;
use crate::kit::clock::Stopwatch;
use crate::web::client::Source;

/// A source may occupy one slot in this many.
const SHARE: usize = 4;

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
pub(super) struct ConnectionSlots(pub(super) Arc<ConnectionSlotsInner>);

pub(super) struct ConnectionSlotsInner {
    most: usize,
    clock: Stopwatch,
    taken: AtomicUsize,
    next: AtomicU64,
    sources: Mutex<HashMap<Source, SourceConnections>>,
    frames: Mutex<SourceFrames>,
    /// A slot was freed, or a connection that could be closed has become silent.
    pub(super) moved: Notify,
    pub(super) arriving: ByteBudget,
    /// Whether a check of who holds what is already scheduled.
    looks_again: AtomicBool,
    cut: Mutex<Trouble>,
    pub(super) no_room: Mutex<Trouble>,
    floods: Mutex<Trouble>,
}

/// A connection's slot; it is freed when dropped.
pub(super) struct ConnectionSlot {
    pub(super) slots: ConnectionSlots,
    source: Source,
    id: u64,
    pub(super) state: Arc<ConnectionState>,
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
            frames: Mutex::default(),
            moved: Notify::new(),
            arriving: ByteBudget::new(unfinished),
            looks_again: AtomicBool::new(false),
            cut: Mutex::default(),
            no_room: Mutex::default(),
            floods: Mutex::default(),
        }))
    }

    /// Waits until there is room for another connection, and asks silent ones to leave if there is
    /// none. Calls `all_busy` if none can be asked, and `asked` if some were.
    pub(super) async fn room(&self, mut all_busy: impl FnMut(), mut asked: impl FnMut()) {
        while self.is_full() {
            match self.ask_silent() {
                None => all_busy(),
                Some(0) => {}
                Some(_) => asked(),
            }
            self.0.moved.notified().await;
        }
    }

    /// Asks some silent connections to leave. Returns false if all are busy.
    pub(super) fn make_room(&self) -> bool {
        self.ask_silent().is_some()
    }

    fn ask_silent(&self) -> Option<usize> {
        ask_to_leave(self.sources().values())
    }

    /// Takes a slot for a connection. Those from an operator's proxy (`is_shared`) represent many
    /// clients and have no limit. `None` if the source already has its share, and all of those are
    /// busy. If some are silent, they are asked to leave, and the source has more than its share
    /// until they are closed.
    pub(super) fn take(&self, source: Source, is_shared: bool) -> Option<Arc<ConnectionSlot>> {
        let mut sources = self.sources();
        let own = sources.entry(source).or_default();
        let share = self.0.most.div_ceil(SHARE);
        if !is_shared && own.all.len() >= share && ask_to_leave(std::iter::once(&*own)).is_none() {
            return None;
        }
        let state = Arc::new(ConnectionState::new(is_shared, self.now()));
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        own.all.insert(id, state.clone());
        self.0.taken.fetch_add(1, Ordering::Relaxed);
        Some(Arc::new(ConnectionSlot {
            slots: self.clone(),
            source,
            id,
            state,
        }))
    }

    /// Cuts connections off if all of them together hold too many bytes of incomplete requests.
    pub(super) fn shed(&self) {
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
            for state in own.all.values() {
                match (state.arriving.held(), state.is_shared) {
                    (0, _) => {}
                    (bytes, _) if state.is_cut.load(Ordering::Relaxed) => going += bytes,
                    (bytes, true) => holding.push(vec![(bytes, state)]),
                    (bytes, false) => of_source.push((bytes, state)),
                }
            }
            holding.push(of_source);
        }
        let leaving = above(holding, excess.saturating_sub(going));
        for state in &leaving {
            state.is_cut.store(true, Ordering::Relaxed);
            state.is_leaving.store(true, Ordering::Relaxed);
            state.leave.notify_one();
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

    pub(super) fn is_full(&self) -> bool {
        self.0.taken.load(Ordering::Acquire) >= self.0.most
    }

    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.0.clock.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn sources(&self) -> MutexGuard<'_, HashMap<Source, SourceConnections>> {
        self.0
            .sources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConnectionSlot {
    /// Records bytes that arrived.
    pub(super) fn received(&self, bytes: usize) {
        self.state.arriving.came(&self.slots.0.arriving, bytes);
        self.slots.shed();
    }

    /// Records that further input is discarded.
    pub(super) fn throws_away(&self) {
        let budget = &self.slots.0.arriving;
        self.state.arriving.count_by_part(budget);
    }

    /// Records that the connection's requests arrive in parallel.
    pub(super) fn is_multiplexed(&self) {
        let budget = &self.slots.0.arriving;
        self.state.arriving.count_by_part(budget);
        if !self.state.is_shared
            && let Some(own) = self.slots.sources().get_mut(&self.source)
        {
            own.add_http2(&self.state);
        }
    }

    /// Records how many bytes of incomplete frames and heads the connection has, and how many it
    /// had `before`.
    pub(super) fn has_unfinished(&self, before: usize, now: usize) {
        let budget = &self.slots.0.arriving;
        if now > before {
            self.state.arriving.add(budget, now - before);
            self.slots.shed();
        } else {
            self.state.arriving.remove(budget, before - now);
        }
    }

    /// Takes a portion of frames without content from the budget of its source; false if there is
    /// none.
    pub(super) fn draw_frames(&self) -> bool {
        let now = self.slots.now();
        let frames = self.slots.0.frames.lock();
        let mut frames = frames.unwrap_or_else(PoisonError::into_inner);
        frames.draw(self.source, now)
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
        self.state.is_shared
    }

    /// Whether it must end at once, whatever it is doing.
    pub(super) fn is_cut(&self) -> bool {
        self.state.is_cut.load(Ordering::Relaxed)
    }

    /// Whether a request has arrived yet.
    pub(super) fn has_asked(&self) -> bool {
        self.state.has_asked.load(Ordering::Relaxed)
    }

    /// Whether the connection may be ended: no request is being answered, or it has to make room
    /// and is waiting for its client, or it holds too much.
    pub(super) fn may_end(&self) -> bool {
        !self.is_busy() || self.is_leaving() && !self.state.is_working() || self.is_cut()
    }

    /// Whether it has to make room, and more time would change nothing: it is idle, or waits for
    /// bodies that don't arrive. On HTTP/2 its client may still have to hear of the end.
    pub(super) fn has_said_goodbye(&self) -> bool {
        self.is_leaving() && self.may_end() && !self.state.arriving.is_multiplexed()
    }

    /// Waits until it has to make room.
    pub(super) async fn is_asked_to_leave(&self) {
        self.state.leave.notified().await;
    }

    /// Whether it has to make room.
    pub(super) fn is_leaving(&self) -> bool {
        self.state.is_leaving.load(Ordering::Relaxed)
    }

    /// Whether a request is being answered.
    fn is_busy(&self) -> bool {
        self.state.requests.load(Ordering::Acquire) > 0
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
                () = self.is_asked_to_leave() => return,
            }
        }
    }

    /// How long no request has arrived; `None` while one is being answered.
    fn silent(&self) -> Option<Duration> {
        if self.is_busy() {
            return None;
        }
        let since = self.state.since.load(Ordering::Relaxed);
        Some(Duration::from_millis(
            self.slots.now().saturating_sub(since),
        ))
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.state.arriving.keep(&self.slots.0.arriving, 0);
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;

    use super::super::requests::Busy;
    use super::super::source_connections::HTTP2_OF_SOURCE;
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
        let room = slots.room(|| (), || panic!("others had to go as well"));
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
            async move { slots.room(|| (), || ()).await }
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
    fn room_says_whether_any_could_be_asked() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let busy = slot.begin();
        let (mut all_busy, mut asked) = (0, 0);
        let mut room = || {
            let room = slots.room(|| all_busy += 1, || asked += 1);
            assert!(room.now_or_never().is_none());
            (all_busy, asked)
        };
        assert_eq!(room(), (1, 0));
        drop(busy);
        // It was told that one has fallen silent, so it looks twice.
        assert_eq!(room(), (1, 1));
        assert!(slot.is_leaving());
        assert_eq!(room(), (1, 1), "one is already leaving");
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

    /// Decision 0484.
    #[test]
    fn a_sources_frames_outlive_its_connections() {
        let slots = ConnectionSlots::new(8, usize::MAX);
        let drawn = (0..10_000).take_while(|_| {
            let slot = slots.take(source(1), false).unwrap();
            slot.draw_frames()
        });
        assert!(drawn.count() < 5_000);
        let other = slots.take(source(2), false).unwrap();
        assert!(other.draw_frames());
    }

    #[test]
    fn each_source_has_its_http2_connections_and_a_proxy_more() {
        let slots = ConnectionSlots::new(8 * HTTP2_OF_SOURCE, usize::MAX);
        let take = |last: u8, is_shared: bool| {
            let slot = slots.take(source(last), is_shared).unwrap();
            slot.is_multiplexed();
            slot
        };
        let ours: Vec<_> = (0..HTTP2_OF_SOURCE).map(|_| take(1, false)).collect();
        let others: Vec<_> = (0..HTTP2_OF_SOURCE).map(|_| take(2, false)).collect();
        let proxys: Vec<_> = (0..=HTTP2_OF_SOURCE).map(|_| take(3, true)).collect();
        let busy: Vec<Busy> = ours.iter().map(ConnectionSlot::begin).collect();
        // If all others are busy, the new one goes.
        let new = take(1, false);
        assert!(new.is_leaving());
        for slot in [&ours, &others, &proxys].into_iter().flatten() {
            assert!(!slot.is_leaving());
        }
        drop((new, busy, ours, others, proxys));
        assert!(slots.sources().is_empty());
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
