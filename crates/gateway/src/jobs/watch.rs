//! Whether other workers are alive. Each moves a number in the store; a worker whose number stands still while we look
//! several times in a row is dead. Only our own clock measures the looks, and it measures time that passes, not the date.

use std::collections::HashMap;

use store::job_workers::WorkerRow;

/// Looks in a row after which a worker counts as dead. There is one in every beat of [`super::WorkRhythm`].
const LOOKS: u32 = 5;

/// What was seen of the other workers.
#[derive(Default)]
pub(super) struct Watch(HashMap<String, Seen>);

struct Seen {
    beat: i64,
    looks: u32,
}

impl Watch {
    /// Looks at all workers but our own; gives those that are dead.
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
        // It moved after all: the count begins again.
        assert_eq!(watch.look(vec![worker("dead", 8)], None), []);
        assert_eq!(watch.look(vec![worker("dead", 8)], None), []);
    }
}
