//! The connections of one source, and which of them leave if there are too many of them, or too
//! many in all (decisions 0100, 0156 and 0470).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::arriving::ArrivingBytes;

/// How many HTTP/2 connections one source may have. Each takes up 20 to 40 KiB even if it is idle,
/// most of it in buffers of the HTTP library that have no setting (decision 0470).
pub(super) const HTTP2_OF_SOURCE: usize = 1_024;
/// One in this many silent connections is closed at once, because finding them takes long if there
/// are many.
const LEAVING: usize = 16;

/// The connections of one source.
#[derive(Default)]
pub(super) struct SourceConnections {
    pub(super) all: HashMap<u64, Arc<ConnectionState>>,
    /// How many of them have [`ConnectionState::is_http2`].
    http2: usize,
}

#[derive(Default)]
pub(super) struct ConnectionState {
    /// Milliseconds on the slots' clock, at its beginning, its last answer or the head of its last
    /// request.
    pub(super) since: AtomicU64,
    /// Requests being answered.
    pub(super) requests: AtomicUsize,
    /// How many of them have bodies that have not arrived.
    pub(super) uploads: AtomicUsize,
    pub(super) has_asked: AtomicBool,
    pub(super) is_leaving: AtomicBool,
    /// Whether it must be closed whatever it is doing, because it holds too much.
    pub(super) is_cut: AtomicBool,
    pub(super) leave: Notify,
    pub(super) arriving: ArrivingBytes,
    /// Whether it comes from a proxy, which represents many clients.
    pub(super) is_shared: bool,
    /// Whether it is one of the HTTP/2 connections that its source may have.
    is_http2: AtomicBool,
}

impl ConnectionState {
    /// A connection that begins at this time.
    pub(super) fn new(is_shared: bool, now: u64) -> Self {
        Self {
            since: AtomicU64::new(now),
            is_shared,
            ..Self::default()
        }
    }

    /// Whether it is our turn to act.
    pub(super) fn is_working(&self) -> bool {
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
    state: &'s ConnectionState,
}

/// Asks some silent connections of these sources to leave, and returns how many: none if others are
/// already being closed. `None` if all are busy.
///
/// All sources may keep the same number: a flood from a few hundred addresses, each with a few
/// connections, displaces its own connections rather than a client that pauses.
pub(super) fn ask_to_leave<'s>(
    sources: impl Iterator<Item = &'s SourceConnections>,
) -> Option<usize> {
    let mut silent: Vec<Silent<'_>> = Vec::new();
    for own in sources {
        let first = silent.len();
        for state in own.all.values().filter(|state| !state.is_working()) {
            if state.is_leaving.load(Ordering::Relaxed) {
                return Some(0);
            }
            silent.push(Silent {
                rank: 0,
                has_asked: state.has_asked.load(Ordering::Relaxed),
                since: state.since.load(Ordering::Relaxed),
                state,
            });
        }
        rank(silent.get_mut(first..).unwrap_or_default());
    }
    if silent.is_empty() {
        return None;
    }
    let last = silent.len() / LEAVING;
    silent.select_nth_unstable_by_key(last, |one| (Reverse(one.rank), one.has_asked, one.since));
    silent.truncate(last + 1);
    let is_crowded = silent.iter().any(|one| one.rank > 0);
    // The only connection of its source stays as long as another source has two.
    let mut asked = 0;
    for one in silent.iter().filter(|one| one.rank > 0 || !is_crowded) {
        one.state.is_leaving.store(true, Ordering::Relaxed);
        one.state.leave.notify_one();
        asked += 1;
    }
    Some(asked)
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
    pub(super) fn add_http2(&mut self, new: &Arc<ConnectionState>) {
        if new.is_http2.swap(true, Ordering::Relaxed) {
            return;
        }
        self.http2 += 1;
        if self.http2 <= HTTP2_OF_SOURCE {
            return;
        }
        let may_go = |state: &&Arc<ConnectionState>| {
            let is_leaving = state.is_leaving.load(Ordering::Relaxed);
            let is_http2 = state.is_http2.load(Ordering::Relaxed);
            is_http2 && !is_leaving && !state.is_working() && !Arc::ptr_eq(state, new)
        };
        let silent = self.all.values().filter(may_go);
        let mut going: Vec<(u64, &Arc<ConnectionState>)> = silent
            .map(|state| (state.since.load(Ordering::Relaxed), state))
            .collect();
        if going.is_empty() {
            going.push((0, new));
        }
        let last = going.len() / LEAVING;
        going.select_nth_unstable_by_key(last, |(since, _)| *since);
        going.truncate(last + 1);
        for (_, state) in &going {
            state.is_http2.store(false, Ordering::Relaxed);
            state.is_leaving.store(true, Ordering::Relaxed);
            state.leave.notify_one();
        }
        self.http2 -= going.len();
    }

    /// A connection has ended.
    pub(super) fn remove(&mut self, id: u64) {
        let ended = self.all.remove(&id);
        if ended.is_some_and(|state| state.is_http2.load(Ordering::Relaxed)) {
            self.http2 -= 1;
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    /// A source with no connections yet, and what adds some.
    #[derive(Default)]
    struct GrowingSource {
        own: SourceConnections,
        next: u64,
    }

    impl GrowingSource {
        /// Adds a connection that has been silent since then.
        fn add(&mut self, since: u64) -> (u64, Arc<ConnectionState>) {
            let state = Arc::new(ConnectionState::new(false, since));
            let id = self.next;
            self.next += 1;
            self.own.all.insert(id, state.clone());
            (id, state)
        }

        /// The same on HTTP/2.
        fn add_http2(&mut self, since: u64) -> (u64, Arc<ConnectionState>) {
            let (id, state) = self.add(since);
            self.own.add_http2(&state);
            (id, state)
        }
    }

    fn is_leaving(state: &ConnectionState) -> bool {
        state.is_leaving.load(Ordering::Relaxed)
    }

    fn begins_request(state: &ConnectionState) {
        state.requests.fetch_add(1, Ordering::AcqRel);
    }

    #[test]
    fn with_too_many_on_http2_the_longest_silent_leave() {
        let mut source = GrowingSource::default();
        let (_, http1) = source.add(0);
        let (_, busy) = source.add_http2(1);
        begins_request(&busy);
        // Younger ones come first, so that their order isn't that of their age.
        let times = (2..=HTTP2_OF_SOURCE as u64).rev();
        let silent: Vec<_> = times.map(|since| source.add_http2(since)).collect();
        assert!(!silent.iter().any(|(_, state)| is_leaving(state)));
        let (_, new) = source.add_http2(HTTP2_OF_SOURCE as u64 + 1);
        let gone = silent.len() / LEAVING + 1;
        let (stay, leave) = silent.split_at(silent.len() - gone);
        assert!(leave.iter().all(|(_, state)| is_leaving(state)));
        assert!(!stay.iter().any(|(_, state)| is_leaving(state)));
        assert!(!is_leaving(&http1) && !is_leaving(&busy) && !is_leaving(&new));
        assert_eq!(source.own.http2, HTTP2_OF_SOURCE + 1 - gone);
    }

    #[test]
    fn no_http2_connection_is_counted_after_it_has_gone() {
        let mut source = GrowingSource::default();
        let mut taken: Vec<_> = (0..=HTTP2_OF_SOURCE as u64)
            .map(|since| source.add_http2(since))
            .collect();
        // Some had to leave. One is seen on HTTP/2 a second time, and one never.
        let (_, last) = taken.last().unwrap().clone();
        source.own.add_http2(&last);
        taken.push(source.add(0));
        for (id, _) in &taken {
            source.own.remove(*id);
            source.own.remove(*id);
        }
        assert_eq!((source.own.http2, source.own.all.len()), (0, 0));
    }
}
