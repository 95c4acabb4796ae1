//! How many HTTP/2 frames a connection may send that carry no request and no data worth mentioning.
//!
//! PING, SETTINGS, WINDOW_UPDATE, PRIORITY, RST_STREAM and tiny frames cost their sender next to
//! nothing, and there is no end to them: a few connections kept half a core busy with millions a
//! second (decision 0443).
//!
//! Most of what a connection may send at its beginning comes from a budget of its source, so that
//! a client that reconnects doesn't have it again each time (decision 0484).

use std::time::Duration;

/// The types of frames that carry a request, and the flag of a head's last one (RFC 9113 §6.1,
/// RFC 9113 §6.2, RFC 9113 §6.10).
pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
pub(super) const CONTINUATION: u8 = 9;
pub(super) const END_HEADERS: u8 = 4;
/// The flag of a body's part with padding, which carries nothing and isn't limited like a body
/// (RFC 9113 §6.1).
const PADDED: u8 = 8;
/// How many frames a connection may send at once, and how many passing time earns at most. Browsers
/// and servers in front send a few dozen before their first requests, which earn more.
const MOST_FRAMES: usize = 1_000;
/// How many of them every connection has; the others come from its source's budget.
const FIRST_FRAMES: usize = 100;
/// How many a connection draws from its source at a time.
const PORTION: usize = 100;
/// The same as [`MOST_FRAMES`] on a trusted proxy's connection, which depends on no source.
const MOST_OF_PROXY: usize = 10_000;
/// The time that earns it one more: 100 a second.
const MILLISECONDS_EACH: u128 = 10;
/// What it may send for a request: its end, a window or two, a reset.
const PER_REQUEST: usize = 8;
/// How many frames a SETTINGS frame counts as: the library may have to change the windows of all
/// open streams.
const PER_SETTINGS: usize = 16;
/// How many bytes of answers entitle it to one more frame. Go's client is the busiest known:
/// it sends two WINDOW_UPDATEs for every 4 KiB.
const BYTES_EACH: usize = 512;
/// A part of a head or body with fewer bytes counts like a frame that carries nothing. Programs
/// that send a long body line by line stay above it.
const SMALL: usize = 16;

/// What a connection may still send.
pub(super) struct FrameBudget {
    left: usize,
    /// How many passing time earns at most.
    most: usize,
    /// How many portions it may still have from its source.
    portions: usize,
    is_overdrawn: bool,
    /// When the passing time was last counted, since the connection began.
    counted: Duration,
    /// Bytes of answers that have not been counted yet.
    written: usize,
}

impl Default for FrameBudget {
    fn default() -> Self {
        Self {
            left: FIRST_FRAMES,
            most: MOST_FRAMES,
            portions: (MOST_FRAMES - FIRST_FRAMES) / PORTION,
            is_overdrawn: false,
            counted: Duration::ZERO,
            written: 0,
        }
    }
}

impl FrameBudget {
    /// That of a trusted proxy's connection.
    pub(super) fn of_proxy() -> Self {
        Self {
            left: MOST_OF_PROXY,
            most: MOST_OF_PROXY,
            portions: 0,
            ..Self::default()
        }
    }

    /// Counts a frame: its type, flags and length. `uptime` says how long ago the connection began,
    /// and `draw` takes a portion from the source's budget, if there is one.
    pub(super) fn came(
        &mut self,
        kind: u8,
        flags: u8,
        length: usize,
        uptime: impl FnOnce() -> Duration,
        draw: impl FnOnce() -> bool,
    ) {
        match kind {
            HEADERS | CONTINUATION if flags & END_HEADERS != 0 => self.left += PER_REQUEST,
            // The library limits requests that are begun, and unfinished heads.
            HEADERS => {}
            DATA if length >= SMALL && flags & PADDED == 0 => {}
            CONTINUATION if length >= SMALL => {}
            SETTINGS if length > 0 => self.spend(PER_SETTINGS, uptime, draw),
            _ => self.spend(1, uptime, draw),
        }
    }

    fn spend(
        &mut self,
        frames: usize,
        uptime: impl FnOnce() -> Duration,
        draw: impl FnOnce() -> bool,
    ) {
        // The rest of what came with the frame that was too many: it must cost no more.
        if self.is_overdrawn {
            return;
        }
        if self.left < frames {
            self.pass(uptime());
        }
        if self.left < frames && self.portions > 0 && draw() {
            self.portions -= 1;
            self.left += PORTION;
        }
        match self.left.checked_sub(frames) {
            Some(left) => self.left = left,
            None => self.is_overdrawn = true,
        }
    }

    /// Counts bytes of answers.
    pub(super) fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
        self.left += self.written / BYTES_EACH;
        self.written %= BYTES_EACH;
    }

    /// Counts the time that has passed. The clock is only read once everything else has been used
    /// up.
    fn pass(&mut self, uptime: Duration) {
        let passed = uptime.saturating_sub(self.counted).as_millis();
        let earned = usize::try_from(passed / MILLISECONDS_EACH).unwrap_or(self.most);
        if earned > 0 {
            self.left += earned.min(self.most);
            self.counted = uptime;
        }
    }

    /// Whether the connection has sent more than it may.
    pub(super) fn is_overdrawn(&self) -> bool {
        self.is_overdrawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RST_STREAM: u8 = 3;
    const PING: u8 = 6;
    const WINDOW_UPDATE: u8 = 8;

    /// Whether it may send this many of such a frame, at this time, with a source that has enough.
    fn may_send(budget: &mut FrameBudget, number: usize, frame: (u8, usize), second: u64) -> bool {
        let (kind, length) = frame;
        for _ in 0..number {
            budget.came(kind, 0, length, || Duration::from_secs(second), || true);
        }
        !budget.is_overdrawn()
    }

    /// Decision 0484.
    #[test]
    fn without_its_source_a_connection_has_few_frames() {
        let mut budget = FrameBudget::default();
        let mut drawn = 0;
        for _ in 0..FIRST_FRAMES {
            let draw = || {
                drawn += 1;
                false
            };
            budget.came(PING, 0, 8, || Duration::ZERO, draw);
        }
        assert!(!budget.is_overdrawn());
        assert_eq!(drawn, 0, "the first are its own");
        budget.came(PING, 0, 8, || Duration::ZERO, || false);
        assert!(budget.is_overdrawn());
    }

    #[test]
    fn a_proxys_connection_has_its_frames_without_a_source() {
        let mut budget = FrameBudget::of_proxy();
        for _ in 0..MOST_OF_PROXY {
            budget.came(PING, 0, 8, || Duration::ZERO, || unreachable!());
        }
        assert!(!budget.is_overdrawn());
        budget.came(PING, 0, 8, || Duration::ZERO, || unreachable!());
        assert!(budget.is_overdrawn());
    }

    #[test]
    fn settings_count_for_several_frames() {
        let mut budget = FrameBudget::default();
        let most = MOST_FRAMES / PER_SETTINGS;
        assert!(may_send(&mut budget, most, (SETTINGS, 6), 0));
        assert!(!may_send(&mut budget, 1, (SETTINGS, 6), 0));
        // One without content acknowledges ours.
        let mut budget = FrameBudget::default();
        assert!(may_send(&mut budget, MOST_FRAMES, (SETTINGS, 0), 0));
    }

    #[test]
    fn control_frames_without_end_overdraw_the_budget() {
        for frame in [(PING, 8), (WINDOW_UPDATE, 4), (99, 1000), (DATA, 0)] {
            let mut budget = FrameBudget::default();
            assert!(may_send(&mut budget, MOST_FRAMES, frame, 0), "{frame:?}");
            assert!(!may_send(&mut budget, 1, frame, 0), "{frame:?}");
        }
    }

    /// Decision 0456.
    #[test]
    fn padded_parts_of_a_body_count() {
        let mut budget = FrameBudget::default();
        for _ in 0..MOST_FRAMES {
            budget.came(DATA, PADDED, 256, || Duration::ZERO, || true);
        }
        assert!(!budget.is_overdrawn());
        budget.came(DATA, PADDED, 256, || Duration::ZERO, || true);
        assert!(budget.is_overdrawn());
    }

    #[test]
    fn time_earns_a_hundred_frames_a_second() {
        let mut budget = FrameBudget::default();
        assert!(may_send(&mut budget, MOST_FRAMES, (PING, 8), 0));
        for second in 1..=60 {
            assert!(may_send(&mut budget, 100, (PING, 8), second), "{second}");
        }
        assert!(!may_send(&mut budget, 1, (PING, 8), 60));
        // A long silence is worth no more than a beginning.
        let mut budget = FrameBudget::default();
        assert!(may_send(&mut budget, 2 * MOST_FRAMES, (PING, 8), 86_400));
        assert!(!may_send(&mut budget, 1, (PING, 8), 86_400));
    }

    #[test]
    fn a_long_download_earns_its_window_updates() {
        let mut budget = FrameBudget::default();
        for _ in 0..1_000_000 {
            budget.wrote(2_048);
            assert!(may_send(&mut budget, 1, (WINDOW_UPDATE, 4), 0));
        }
    }

    #[test]
    fn a_head_in_two_frames_earns_as_much_as_in_one() {
        let mut budget = FrameBudget::default();
        for _ in 0..100_000 {
            budget.came(HEADERS, 0, 16_384, || Duration::ZERO, || false);
            budget.came(CONTINUATION, END_HEADERS, 20, || Duration::ZERO, || false);
            assert!(may_send(&mut budget, PER_REQUEST, (WINDOW_UPDATE, 4), 0));
        }
    }

    #[test]
    fn requests_earn_their_resets_and_bodies_are_free() {
        let mut budget = FrameBudget::default();
        for _ in 0..100_000 {
            budget.came(HEADERS, END_HEADERS, 20, || Duration::ZERO, || false);
            assert!(may_send(&mut budget, 2, (DATA, 1_000), 0));
            assert!(may_send(&mut budget, 1, (DATA, 0), 0));
            assert!(may_send(&mut budget, 3, (WINDOW_UPDATE, 4), 0));
            assert!(may_send(&mut budget, 1, (RST_STREAM, 4), 0));
        }
    }
}
