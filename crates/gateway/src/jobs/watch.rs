//! Whether other workers are alive. Each increments a number in the store; a worker whose number is unchanged at
//! several consecutive checks is dead. The checks are timed by our own clock only, using elapsed time rather than the
//! date.

use std::collections::HashMap;

use store::job_workers::WorkerRow;

/// How many consecutive checks make a worker count as dead. There is one check per beat of [`super::WorkRhythm`].
pub(super) const LOOKS: u32 = 5;

/// The last observed state of the other workers.
#[derive(Default)]
pub(super) struct Watch(HashMap<String, Seen>);

struct Seen {
    beat: i64,
    looks: u32,
}

impl Watch {
    /// Checks all workers except our own. Returns those that are dead.
    pub(super) fn look(&mut self, all: Vec<WorkerRow>, own: Option<&str>) -> Vec<WorkerRow> {
        let mut seen = HashMap::with_capacity(all.len());
        let mut dead = Vec::new();
        for worker in all {
            if Some(worker.id.as_str()) == own {
                continue;
            }
            let before = self.0.remove(&worker.id);
            let looks = match before {
                Some(before) if before.beat == worker.beat => before.looks + 1,
                _ => 0,
            };
            let beat = worker.beat;
            if looks >= LOOKS {
                dead.push(worker.clone());
            }
            seen.insert(worker.id, Seen { beat, looks });
        }
        self.0 = seen;
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(id: &str, beat: i64) -> WorkerRow {
        WorkerRow {
            id: id.into(),
            beat,
        }
    }

    #[test]
    fn a_worker_is_dead_when_its_number_stands_still() {
        let mut watch = Watch::default();
        for beat in 0..20 {
            let all = vec![worker("alive", beat), worker("own", 0)];
            assert_eq!(watch.look(all, Some("own")), []);
        }
        for look in 0..=LOOKS {
            let all = vec![worker("alive", 100 + i64::from(look)), worker("dead", 7)];
            let dead = watch.look(all, None);
            assert_eq!(dead.is_empty(), look < LOOKS, "{look}: {dead:?}");
        }
        // It moved after all: counting starts again.
        assert_eq!(watch.look(vec![worker("dead", 8)], None), []);
        assert_eq!(watch.look(vec![worker("dead", 8)], None), []);
    }
}
