//! What a connection's slot counts of its requests: those being answered, bodies that are still
//! arriving, and answers that wait for their client.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::arriving::{ANSWER, ANSWER_BODY, REQUEST};
use super::slots::ConnectionSlot;

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

impl ConnectionSlot {
    /// Records that a request is being answered.
    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.state.since.store(self.slots.now(), Ordering::Relaxed);
        self.state.requests.fetch_add(1, Ordering::AcqRel);
        self.state.has_asked.store(true, Ordering::Relaxed);
        Busy(self.clone())
    }
}

impl Busy {
    /// Records that the request has no body.
    pub(super) fn is_whole(&self) {
        let budget = &self.0.slots.0.arriving;
        self.0.state.arriving.is_whole(budget);
    }

    /// Records that the request's body is still to arrive. On HTTP/2 a connection has many of
    /// these, so the request itself is counted, too, with the bytes of its head.
    pub(super) fn upload(&self, head: usize) -> Upload {
        self.0.state.uploads.fetch_add(1, Ordering::AcqRel);
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
        let ConnectionSlot { slots, state, .. } = &*self.0;
        let has_room = !slots.0.arriving.is_exceeded()
            || !state.arriving.is_multiplexed()
            || state.is_shared
            || state.arriving.held() < REQUEST;
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
        let ConnectionSlot { slots, state, .. } = &*self.0;
        state.is_shared && state.arriving.is_multiplexed() && slots.0.arriving.is_crowded()
    }

    /// Records that its answer, with this many bytes, is waiting for the client to take it. `None`
    /// on HTTP/1, where a connection has only one.
    pub(super) fn untaken(&self, body: u64) -> Option<Untaken> {
        let ConnectionSlot { slots, state, .. } = &*self.0;
        if !state.arriving.is_multiplexed() {
            return None;
        }
        let bytes = ANSWER + usize::try_from(body.min(ANSWER_BODY)).unwrap_or_default();
        state.arriving.add(&slots.0.arriving, bytes);
        let slot = self.0.clone();
        slots.shed();
        Some(Untaken { slot, bytes })
    }
}

impl Drop for Untaken {
    fn drop(&mut self) {
        let ConnectionSlot { slots, state, .. } = &*self.slot;
        state.arriving.remove(&slots.0.arriving, self.bytes);
    }
}

impl Upload {
    /// Records bytes of the request. On HTTP/1 they have already been counted.
    pub(super) fn received(&mut self, bytes: usize) {
        let ConnectionSlot { slots, state, .. } = &*self.slot;
        if bytes > 0 && state.arriving.is_multiplexed() {
            self.bytes += bytes;
            state.arriving.add(&slots.0.arriving, bytes);
            slots.shed();
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let ConnectionSlot { slots, state, .. } = &*self.slot;
        state.uploads.fetch_sub(1, Ordering::AcqRel);
        state.arriving.remove(&slots.0.arriving, self.bytes);
        state.arriving.is_whole(&slots.0.arriving);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let ConnectionSlot { slots, state, .. } = &*self.0;
        state.arriving.is_whole(&slots.0.arriving);
        // In this order: without requests and with an old time, it would seem to have been silent
        // for long.
        state.since.store(slots.now(), Ordering::Relaxed);
        let before = state.requests.fetch_sub(1, Ordering::AcqRel);
        if before == 1 && slots.is_full() {
            slots.0.moved.notify_one();
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::super::slots::ConnectionSlots;
    use super::*;
    use crate::web::client::Source;

    fn source(last: u8) -> Source {
        Source::of_address([192, 0, 2, last].into())
    }

    #[test]
    fn a_request_whose_body_does_not_come_makes_room() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let busy = slot.begin();
        let upload = busy.upload(0);
        assert!(!slot.may_end() && !slot.has_said_goodbye());
        assert!(slots.make_room() && slot.may_end() && slot.has_said_goodbye());
        // It arrived after all.
        drop(upload);
        assert!(!slot.may_end() && !slot.has_said_goodbye() && !slots.make_room());
        drop(busy);
        assert!(slot.may_end() && slot.has_said_goodbye());
    }

    #[test]
    fn only_on_http2_has_a_client_time_to_hear_of_the_end() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let busy = slot.begin();
        assert!(!slots.make_room() && !slot.has_said_goodbye());
        drop(busy);
        assert!(!slot.has_said_goodbye(), "it need not leave");
        assert!(slots.make_room() && slot.has_said_goodbye());
        let late = slot.begin();
        assert!(!slot.has_said_goodbye(), "a request came meanwhile");
        drop(late);
        slot.is_multiplexed();
        assert!(!slot.has_said_goodbye() && slot.may_end());
    }

    #[test]
    fn a_request_on_http2_is_counted_until_its_body_is_there() {
        let slots = ConnectionSlots::new(1, usize::MAX);
        let slot = slots.take(source(1), false).unwrap();
        let held = || slot.state.arriving.held();
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
        let held = || slot.state.arriving.held();
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
}
