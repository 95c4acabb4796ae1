//! HTTP/2 frames without content that the connections of one source may send when they begin.
//!
//! If each connection had the whole allowance, a client would get it again by reconnecting: 300
//! connections a second, each just below its limit, left others without service. So most of it is
//! drawn from a budget of the source, which outlives its connections (decision 0484).

use std::collections::HashMap;

use crate::web::client::Source;

/// How many portions (`frame_budget.rs`) a source may draw at once: 20,000 frames.
const MOST: u64 = 200;
/// The milliseconds that earn it one more: 1,000 frames a second.
const MS_EACH: u64 = 100;
/// For how many sources this is kept. Further ones draw nothing; their connections still have the
/// frames that every connection has.
const SOURCES: usize = 10_000;
/// Milliseconds between two searches for sources that need not be kept.
const SWEEP_EVERY: u64 = 1_000;

/// What all sources have drawn.
#[derive(Default)]
pub(super) struct SourceFrames {
    /// When the budget of a source is full again, in milliseconds on the slots' clock.
    full: HashMap<Source, u64>,
    swept: u64,
}

impl SourceFrames {
    /// Draws a portion; false if there is none.
    pub(super) fn draw(&mut self, source: Source, now: u64) -> bool {
        let known = self.full.get(&source).copied();
        if known.is_none() && !self.has_room(now) {
            return false;
        }
        let full = known.unwrap_or(now).max(now) + MS_EACH;
        let has_some = full - now <= MOST * MS_EACH;
        if has_some {
            self.full.insert(source, full);
        }
        has_some
    }

    /// Whether another source can be kept.
    fn has_room(&mut self, now: u64) -> bool {
        if self.full.len() >= SOURCES && now >= self.swept.saturating_add(SWEEP_EVERY) {
            self.swept = now;
            self.full.retain(|_, full| *full > now);
        }
        self.full.len() < SOURCES
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn source(number: u32) -> Source {
        Source::of_address(Ipv4Addr::from_bits(number).into())
    }

    #[test]
    fn a_source_has_its_portions_and_time_earns_more() {
        let mut frames = SourceFrames::default();
        let mut draws = |last, now, most: u64| (0..most).all(|_| frames.draw(source(last), now));
        assert!(draws(1, 5_000, MOST) && !draws(1, 5_000, 1));
        assert!(draws(2, 5_000, MOST), "another has its own");
        assert!(draws(1, 6_000, 10) && !draws(1, 6_000, 1));
        // A long silence is worth no more than a beginning.
        assert!(draws(1, 9_000_000, MOST) && !draws(1, 9_000_000, 1));
    }

    #[test]
    fn only_so_many_sources_are_kept() {
        let mut frames = SourceFrames::default();
        let others = u32::try_from(SOURCES).unwrap_or_default();
        for number in 0..others {
            assert!(frames.draw(source(number), 5_000));
        }
        assert!(!frames.draw(source(others), 5_000));
        assert!(frames.draw(source(0), 5_000), "one that is known goes on");
        // What the others drew has been earned again.
        assert!(frames.draw(source(others), 7_000));
        assert!(frames.full.len() <= 2);
    }
}
