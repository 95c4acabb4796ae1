//! Which failures are written down whole and which are only counted: anyone can send bad requests, and a flood of
//! them must neither fill the store nor hide what happens beside it.

use std::collections::HashMap;
use std::time::Duration;

use super::Kind;

/// How long a window is, by the clock's uptime.
pub(super) const WINDOW: Duration = Duration::from_secs(60);
/// Failures of one sort that are written down in a window.
pub(super) const PER_SORT: u32 = 20;
/// Failures of any sort that are written down in a window: of requests with a verified token, and of others.
pub(super) const PER_WINDOW: u32 = 300;
/// Refusals that become events in a window: of requests that anyone can send, and of those with a verified token.
/// Strangers don't use up the schools' share, and each event costs every webhook a message.
pub(super) const TOLD: [u32; 2] = [5, 30];
/// Sorts that are counted apart in a window; further ones count together.
const SORTS: usize = 512;
/// The code under which further sorts count together.
pub(super) const MANY: &str = "MANY_REASONS";

/// What failures are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FailureSort {
    pub tool_id: String,
    /// What was attempted.
    pub kind: Kind,
    /// The code of the rule.
    pub reason: &'static str,
    /// The platform, if it is a registered one.
    pub platform_id: Option<String>,
    /// Whether its signature was verified.
    pub signed: bool,
}

/// Failures of a window that were only counted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missed {
    pub sort: FailureSort,
    /// How many.
    pub number: u64,
    /// When the last of them came, by the clock's uptime.
    pub last: Duration,
}

#[derive(Default)]
struct SortCount {
    kept: u32,
    missed: u64,
    last: Duration,
}

/// Counts the window that is open.
#[derive(Default)]
pub(super) struct FailureWindow {
    began: Duration,
    kept: [u32; 2],
    told: [u32; 2],
    counts: HashMap<FailureSort, SortCount>,
    over: Vec<Missed>,
}

impl FailureWindow {
    /// Whether a failure of this sort is written down; otherwise it is counted.
    pub(super) fn admit(&mut self, sort: &FailureSort, now: Duration) -> bool {
        self.turn(now);
        let kept_of_all = self.kept[usize::from(sort.signed)];
        let count = self.count(sort);
        if count.kept < PER_SORT && kept_of_all < PER_WINDOW {
            count.kept += 1;
            self.kept[usize::from(sort.signed)] += 1;
            return true;
        }
        count.missed += 1;
        count.last = now;
        false
    }

    /// Whether one that was just admitted becomes an event: of each sort the first, and not too many.
    pub(super) fn tells(&mut self, sort: &FailureSort) -> bool {
        let is_first = self.counts.get(sort).is_some_and(|count| count.kept == 1);
        let which = usize::from(sort.signed);
        let tells = is_first && self.told[which] < TOLD[which];
        self.told[which] += u32::from(tells);
        tells
    }

    /// Counts one that was to be written down and could not be.
    pub(super) fn missed(&mut self, sort: &FailureSort, now: Duration) {
        let count = self.count(sort);
        count.missed += 1;
        count.last = now;
    }

    /// What was only counted in windows that are over; each is given once.
    pub(super) fn take_over(&mut self, now: Duration) -> Vec<Missed> {
        self.turn(now);
        std::mem::take(&mut self.over)
    }

    /// What was only counted, the open window included.
    pub(super) fn take_all(&mut self) -> Vec<Missed> {
        self.close();
        std::mem::take(&mut self.over)
    }

    fn count(&mut self, sort: &FailureSort) -> &mut SortCount {
        if self.counts.len() < SORTS || self.counts.contains_key(sort) {
            return self.counts.entry(sort.clone()).or_default();
        }
        let many = FailureSort {
            reason: MANY,
            platform_id: None,
            ..sort.clone()
        };
        self.counts.entry(many).or_default()
    }

    fn turn(&mut self, now: Duration) {
        if now >= self.began + WINDOW {
            self.close();
            self.began = now;
        }
    }

    fn close(&mut self) {
        self.kept = [0; 2];
        self.told = [0; 2];
        let counts = std::mem::take(&mut self.counts).into_iter();
        let missed = counts.filter(|(_, count)| count.missed > 0);
        self.over.extend(missed.map(|(sort, count)| Missed {
            sort,
            number: count.missed,
            last: count.last,
        }));
        // Nothing has drained these for a while, so the store is down. Keep only the first ones.
        self.over.truncate(SORTS * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(5);

    fn sort(reason: &'static str, platform: &str) -> FailureSort {
        FailureSort {
            tool_id: "t".into(),
            kind: Kind::Launch,
            reason,
            platform_id: Some(platform.into()),
            signed: false,
        }
    }

    #[test]
    fn of_each_sort_the_first_few_are_kept_and_the_rest_is_counted() {
        let mut sampler = FailureWindow::default();
        let mut kept = 0;
        for second in 0..1000 {
            kept +=
                u32::from(sampler.admit(&sort("A", "1"), START + Duration::from_millis(second)));
        }
        assert_eq!(kept, PER_SORT);
        assert!(sampler.admit(&sort("A", "2"), START * 2));
        assert!(sampler.admit(&sort("B", "1"), START * 2));
        assert!(sampler.take_over(START * 2).is_empty());
        let over = sampler.take_over(WINDOW);
        let expected = Missed {
            sort: sort("A", "1"),
            number: 980,
            last: START + Duration::from_millis(999),
        };
        assert_eq!(over, [expected]);
        assert!(sampler.take_over(WINDOW).is_empty());
        assert!(sampler.admit(&sort("A", "1"), WINDOW));
    }

    #[test]
    fn others_hear_of_the_first_of_each_sort_and_not_of_too_many() {
        let mut sampler = FailureWindow::default();
        let mut hear = |sort: &FailureSort, now| sampler.admit(sort, now) && sampler.tells(sort);
        let told: Vec<bool> = (0..5).map(|_| hear(&sort("A", "1"), START)).collect();
        assert_eq!(told, [true, false, false, false, false]);
        let signed = |platform: &str| FailureSort {
            signed: true,
            ..sort("A", platform)
        };
        let many = (0..100).filter(|number| hear(&sort("A", &format!("x{number}")), START));
        assert_eq!(many.count(), 4, "of strangers");
        let many = (0..100).filter(|number| hear(&signed(&format!("x{number}")), START));
        assert_eq!(
            many.count(),
            30,
            "of platforms, whatever strangers did before"
        );
        assert!(hear(&sort("A", "1"), START + WINDOW), "a minute later");
    }

    #[test]
    fn many_sorts_share_a_window_and_a_verified_one_has_its_own() {
        let mut sampler = FailureWindow::default();
        let mut kept = 0;
        for number in 0..10_000 {
            kept += u32::from(sampler.admit(&sort("A", &number.to_string()), START));
        }
        assert_eq!(kept, PER_WINDOW);
        let signed = FailureSort {
            signed: true,
            ..sort("A", "1")
        };
        assert!(sampler.admit(&signed, START));
        let all = sampler.take_all();
        assert!(all.len() <= SORTS + 1, "{}", all.len());
        let number: u64 = all.iter().map(|missed| missed.number).sum();
        assert_eq!(number, 10_000 - u64::from(PER_WINDOW));
        assert!(all.iter().any(|missed| missed.sort.reason == MANY));
    }
}
