//! Whether other workers are alive. Each increments a number in the store; a worker whose number is
//! unchanged at several consecutive checks is dead. The checks are timed by our own clock only,
//! using elapsed time rather than the date. Servers continue each other's counts
//! (docs/decisions/0424-servers-count-a-dead-ones-silence-together.md).

use std::collections::HashMap;

use store::job_workers::WorkerRow;

/// How many consecutive checks make a worker count as dead. There is one check per beat of
/// [`super::WorkRhythm`].
pub(super) const LOOKS: u32 = 5;

/// The last observed state of the other workers.
#[derive(Default)]
pub(super) struct Watch(HashMap<String, WorkerRow>);

/// What a check found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WatchReport {
    /// Workers that are dead.
    pub(super) dead: Vec<WorkerRow>,
    /// Workers whose number stood still, but not yet for long enough, with counts that others don't
    /// know.
    pub(super) silent: Vec<WorkerRow>,
}

impl Watch {
    /// Checks all workers except our own. To be called at most once per beat, because each time
    /// counts.
    pub(super) fn look(&mut self, all: Vec<WorkerRow>, own: Option<&str>) -> WatchReport {
        let (mut seen, mut found) = (HashMap::with_capacity(all.len()), WatchReport::default());
        for worker in all {
            if Some(worker.id.as_str()) == own {
                continue;
            }
            // Each count stands for a beat that someone waited through, so continuing another
            // server's is no shortcut.
            let before = self.0.get(&worker.id);
            let looks = match before.filter(|before| before.beat == worker.beat) {
                Some(before) => worker.looks.max(before.looks.saturating_add(1)),
                None => worker.looks,
            };
            let is_news = looks > worker.looks;
            let worker = WorkerRow { looks, ..worker };
            if looks >= i64::from(LOOKS) {
                found.dead.push(worker.clone());
            } else if is_news {
                found.silent.push(worker.clone());
            }
            seen.insert(worker.id.clone(), worker);
        }
        self.0 = seen;
        found
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use test_case::cases;

    use super::*;
    use crate::jobs::WorkRhythm;

    fn worker(id: &str, beat: i64) -> WorkerRow {
        looked_at(id, beat, 0)
    }

    fn looked_at(id: &str, beat: i64, looks: i64) -> WorkerRow {
        WorkerRow {
            id: id.into(),
            beat,
            looks,
        }
    }

    #[test]
    fn a_worker_is_dead_when_its_number_stands_still() {
        let mut watch = Watch::default();
        for beat in 0..20 {
            let all = vec![worker("alive", beat), worker("own", 0)];
            assert_eq!(watch.look(all, Some("own")), WatchReport::default());
        }
        for look in 0..=LOOKS {
            let all = vec![worker("alive", 100 + i64::from(look)), worker("dead", 7)];
            let found = watch.look(all, None);
            assert_eq!(found.dead.is_empty(), look < LOOKS, "{look}: {found:?}");
        }
        // It moved after all: counting starts again.
        assert_eq!(
            watch.look(vec![worker("dead", 8)], None),
            WatchReport::default()
        );
        let found = watch.look(vec![worker("dead", 8)], None);
        assert_eq!(found.silent, [looked_at("dead", 8, 1)]);
    }

    #[test]
    fn short_lived_servers_continue_each_others_counts() {
        let mut stored = worker("dead", 7);
        for look in 1..i64::from(LOOKS) {
            // Each looks twice, a beat apart, and dies.
            let mut watch = Watch::default();
            assert_eq!(
                watch.look(vec![stored.clone()], None),
                WatchReport::default()
            );
            let found = watch.look(vec![stored], None);
            assert_eq!(found.silent, [looked_at("dead", 7, look)]);
            stored = looked_at("dead", 7, look);
        }
        let mut watch = Watch::default();
        assert_eq!(
            watch.look(vec![stored.clone()], None),
            WatchReport::default()
        );
        assert_eq!(watch.look(vec![stored], None).dead.len(), 1);
    }

    #[cases("GR-12")]
    #[test]
    fn a_dead_worker_is_missed_within_thirty_seconds() {
        let rhythm = WorkRhythm::default();
        // It died just after a sign of life, all others had just looked, and each look comes late.
        let longest = (rhythm.beat + rhythm.poll) * (LOOKS + 1);
        assert!(longest <= Duration::from_secs(30), "{longest:?}");
    }

    /// However many servers watch, a worker has the same time.
    #[test]
    fn servers_beside_each_other_count_no_faster() {
        let mut watches: Vec<Watch> = (0..5).map(|_| Watch::default()).collect();
        let mut stored = worker("silent", 7);
        for beat in 0..i64::from(LOOKS) {
            for watch in &mut watches {
                let found = watch.look(vec![stored.clone()], None);
                assert!(found.dead.is_empty(), "{found:?}");
                stored = found.silent.into_iter().next().unwrap_or(stored);
                assert_eq!(stored.looks, beat);
            }
        }
    }
}
