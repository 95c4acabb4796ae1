//! How much memory the platforms' key sets may take together, and which give way (decision 0529).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

/// The bytes that key sets may take.
pub(super) const MOST_BYTES: usize = 128 * 1024 * 1024;
/// The bytes that stay when some gave way, so that the next fetch doesn't look through all again.
pub(super) const BYTES_LEFT: usize = MOST_BYTES / 8 * 7;

/// A platform's key set in memory.
pub(super) struct HeldKeySet<T> {
    /// Who has it.
    pub(super) whose: T,
    /// Which set it is: platforms with the same address share one.
    pub(super) set: usize,
    pub(super) bytes: usize,
    /// When it was last needed, by the clock's uptime.
    pub(super) used: Duration,
}

/// Those whose sets have to go so that the rest take at most so many bytes, and what the rest take.
/// The heaviest go first, because honest platforms have a few keys and strangers' may have
/// thousands; among sets of about the same weight, those unused the longest.
pub(super) fn too_heavy<T>(mut sets: Vec<HeldKeySet<T>>, most: usize) -> (Vec<T>, usize) {
    let (mut holders, mut bytes) = (HashMap::<usize, usize>::new(), 0);
    for held in &sets {
        let number = holders.entry(held.set).or_default();
        if *number == 0 {
            bytes += held.bytes;
        }
        *number += 1;
    }
    // The first to go is the last here.
    sets.sort_by_key(|held| (held.bytes.checked_ilog2(), Reverse(held.used)));
    let mut gone = Vec::new();
    while bytes > most
        && let Some(held) = sets.pop()
    {
        let number = holders.entry(held.set).or_default();
        *number = number.saturating_sub(1);
        if *number == 0 {
            bytes -= held.bytes;
        }
        gone.push(held.whose);
    }
    (gone, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set of its own for each platform.
    fn held(sets: &[(&'static str, usize, u64)]) -> Vec<HeldKeySet<&'static str>> {
        let mut held = Vec::new();
        for &(whose, bytes, used) in sets {
            held.push(HeldKeySet {
                whose,
                set: held.len(),
                bytes,
                used: Duration::from_secs(used),
            });
        }
        held
    }

    #[test]
    fn heavy_key_sets_give_way_first() {
        let sets = [("heavy", 5000, 9), ("light", 300, 1), ("middle", 1500, 5)];
        assert_eq!(too_heavy(held(&sets), 6800), (vec![], 6800));
        assert_eq!(too_heavy(held(&sets), 6799), (vec!["heavy"], 1800));
        let (gone, left) = too_heavy(held(&sets), 400);
        assert_eq!((gone, left), (vec!["heavy", "middle"], 300));
    }

    #[test]
    fn among_equals_the_one_unused_longest_gives_way() {
        let sets = [("new", 301, 9), ("old", 300, 1), ("middle", 310, 5)];
        assert_eq!(too_heavy(held(&sets), 900), (vec!["old"], 611));
        let (gone, left) = too_heavy(held(&sets), 400);
        assert_eq!((gone, left), (vec!["old", "middle"], 301));
    }

    #[test]
    fn a_shared_key_set_is_counted_once() {
        let shared = || {
            let mut sets = held(&[("a", 600, 1), ("b", 600, 2), ("c", 500, 3)]);
            sets[1].set = sets[0].set;
            sets
        };
        assert_eq!(too_heavy(shared(), 1100), (vec![], 1100));
        assert_eq!(too_heavy(shared(), 1000), (vec!["a", "b"], 500));
    }
}
