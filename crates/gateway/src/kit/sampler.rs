//! Decides which of many similar events are logged and which are only counted. Anyone can cause
//! some, and a flood of them must neither fill the log nor hide other events.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// How many sorts are counted separately between two turns; the rest are counted as one.
const SORTS: usize = 512;

/// Admits the first few events of each sort and counts the others, until the next turn, once a
/// minute, when the counts are reported.
pub(crate) struct Sampler<K> {
    per_sort: u32,
    in_all: u32,
    seen: Mutex<Tallies<K>>,
}

struct Tallies<K> {
    admitted: u32,
    sorts: HashMap<K, Tally>,
    others: u64,
}

#[derive(Default)]
struct Tally {
    admitted: u32,
    missed: u64,
}

/// Events that were only counted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CountedEvents<K> {
    /// Their sort; `None` for all those that were not counted separately.
    pub what: Option<K>,
    /// How many.
    pub count: u64,
}

impl<K: Eq + Hash> Sampler<K> {
    /// Admits this many of each sort, and this many in total.
    pub(crate) fn new(per_sort: u32, in_all: u32) -> Self {
        Self {
            per_sort,
            in_all,
            seen: Mutex::new(Tallies {
                admitted: 0,
                sorts: HashMap::new(),
                others: 0,
            }),
        }
    }

    /// Whether to log this event. If not, it is counted.
    pub(crate) fn admit(&self, what: K) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Tallies {
            admitted,
            sorts,
            others,
        } = &mut *seen;
        if sorts.len() >= SORTS && !sorts.contains_key(&what) {
            *others += 1;
            return false;
        }
        let count = sorts.entry(what).or_default();
        let is_admitted = count.admitted < self.per_sort && *admitted < self.in_all;
        if is_admitted {
            count.admitted += 1;
            *admitted += 1;
        } else {
            count.missed += 1;
        }
        is_admitted
    }

    /// Starts over and returns the counts.
    pub(crate) fn turn(&self) -> Vec<CountedEvents<K>> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.admitted = 0;
        let others = std::mem::take(&mut seen.others);
        let sorts = std::mem::take(&mut seen.sorts).into_iter();
        let missed = sorts.filter(|(_, count)| count.missed > 0);
        let mut counted: Vec<_> = missed
            .map(|(what, count)| CountedEvents {
                what: Some(what),
                count: count.missed,
            })
            .collect();
        if others > 0 {
            counted.push(CountedEvents {
                what: None,
                count: others,
            });
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(what: Option<u32>, count: u64) -> CountedEvents<u32> {
        CountedEvents { what, count }
    }

    #[test]
    fn the_first_few_of_a_sort_are_told_and_the_rest_counted() {
        let sampler = Sampler::new(2, 3);
        let admitted = [1, 1, 1, 2, 2, 1].map(|what| sampler.admit(what));
        assert_eq!(admitted, [true, true, false, true, false, false]);
        let mut missed = sampler.turn();
        missed.sort_by_key(|counted| counted.what);
        assert_eq!(missed, [counted(Some(1), 2), counted(Some(2), 1)]);
        assert!(sampler.admit(1), "begun anew");
        assert_eq!(sampler.turn(), []);
    }

    #[test]
    fn a_flood_of_sorts_takes_bounded_room_and_is_counted() {
        let sampler = Sampler::new(1, 10);
        for sort in 0..100_000 {
            sampler.admit(sort);
        }
        let missed = sampler.turn();
        assert_eq!(missed.len(), SORTS - 10 + 1);
        let all: u64 = missed.iter().map(|counted| counted.count).sum();
        assert_eq!(all, 100_000 - 10);
    }
}
