//! Decides which failures are stored and which are only counted. Anyone can send bad requests, and
//! a flood of them must neither fill the store nor hide other failures.

use std::collections::HashMap;
use std::time::Duration;

use super::Kind;

/// How long a window is, by the clock's uptime.
pub(super) const WINDOW: Duration = Duration::from_secs(60);
/// How many failures of one sort are stored per window.
pub(super) const PER_SORT: u32 = 20;
/// How many failures of any sort are stored per window: separate shares for requests with a
/// verified token and for others.
const TRACES: WindowShare = WindowShare {
    of_tool: 300,
    own: 30,
    in_all: 600,
};
/// How many refusals become events per window: first for requests that anyone can send, then for
/// those with a verified token. Strangers can't use up the schools' share, and each event costs
/// every webhook a message.
const EVENTS: [WindowShare; 2] = [
    WindowShare {
        of_tool: 5,
        own: 2,
        in_all: 20,
    },
    WindowShare {
        of_tool: 30,
        own: 10,
        in_all: 120,
    },
];
/// How many sorts are counted separately per window: this many for each tool, and that many more
/// for all tools together. The rest are counted as one.
const OWN_SORTS: usize = 32;
const SORTS: usize = 512;
/// The code that the rest are counted under.
pub(super) const MANY: &str = "MANY_REASONS";

/// A limit per window. A flood at one tool leaves the others their guaranteed share, and floods at
/// many tools share one limit.
struct WindowShare {
    /// Most for one tool.
    of_tool: u32,
    /// How many of these are guaranteed, whatever happens at other tools.
    own: u32,
    /// Most for all tools together, beyond the guaranteed ones.
    in_all: u32,
}

impl WindowShare {
    /// Counts one more if the limit allows it.
    fn take(&self, of_tool: &mut u32, in_all: &mut u32) -> bool {
        let is_own = *of_tool < self.own;
        if *of_tool >= self.of_tool || !is_own && *in_all >= self.in_all {
            return false;
        }
        *of_tool += 1;
        *in_all += u32::from(!is_own);
        true
    }
}

/// What failures are grouped by.
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
pub(super) struct MissedFailures {
    pub sort: FailureSort,
    pub number: u64,
    /// When the last one came, in the clock's uptime.
    pub last: Duration,
}

#[derive(Default)]
struct SortCount {
    kept: u32,
    missed: u64,
    last: Duration,
}

/// Counts the current window.
#[derive(Default)]
pub(super) struct FailureWindow {
    began: Duration,
    tools: HashMap<String, ToolWindow>,
    shared: SharedCounts,
    over: Vec<MissedFailures>,
}

/// Counts for all tools together, beyond each one's guaranteed share.
#[derive(Default)]
struct SharedCounts {
    kept: [u32; 2],
    told: [u32; 2],
    sorts: usize,
}

/// The window of one tool.
#[derive(Default)]
struct ToolWindow {
    kept: [u32; 2],
    told: [u32; 2],
    counts: HashMap<FailureSort, SortCount>,
}

impl FailureWindow {
    /// Whether to store a failure of this sort. If not, it is counted.
    pub(super) fn admit(&mut self, sort: &FailureSort, now: Duration) -> bool {
        self.turn(now);
        let which = usize::from(sort.signed);
        let Self { tools, shared, .. } = self;
        let ToolWindow { kept, counts, .. } = tools.entry(sort.tool_id.clone()).or_default();
        let count = count(counts, sort, &mut shared.sorts);
        if count.kept < PER_SORT && TRACES.take(&mut kept[which], &mut shared.kept[which]) {
            count.kept += 1;
            return true;
        }
        count.missed += 1;
        count.last = now;
        false
    }

    /// Whether a failure that was just admitted becomes an event: only the first of each sort,
    /// within the limit.
    pub(super) fn becomes_event(&mut self, sort: &FailureSort) -> bool {
        let which = usize::from(sort.signed);
        let Self { tools, shared, .. } = self;
        let Some(ToolWindow { told, counts, .. }) = tools.get_mut(&sort.tool_id) else {
            return false;
        };
        let is_first = counts.get(sort).is_some_and(|count| count.kept == 1);
        is_first && EVENTS[which].take(&mut told[which], &mut shared.told[which])
    }

    /// Counts a failure that was admitted but could not be stored.
    pub(super) fn missed(&mut self, sort: &FailureSort, now: Duration) {
        let tool = self.tools.entry(sort.tool_id.clone()).or_default();
        let count = count(&mut tool.counts, sort, &mut self.shared.sorts);
        count.missed += 1;
        count.last = now;
    }

    /// The counts of finished windows. Each is returned once.
    pub(super) fn take_over(&mut self, now: Duration) -> Vec<MissedFailures> {
        self.turn(now);
        std::mem::take(&mut self.over)
    }

    /// All counts, including the current window's.
    pub(super) fn take_all(&mut self) -> Vec<MissedFailures> {
        self.close();
        std::mem::take(&mut self.over)
    }

    fn turn(&mut self, now: Duration) {
        if now >= self.began + WINDOW {
            self.close();
            self.began = now;
        }
    }

    fn close(&mut self) {
        self.shared = SharedCounts::default();
        let tools = std::mem::take(&mut self.tools).into_values();
        let counts = tools.flat_map(|tool| tool.counts);
        let missed = counts.filter(|(_, count)| count.missed > 0);
        self.over.extend(missed.map(|(sort, count)| MissedFailures {
            sort,
            number: count.missed,
            last: count.last,
        }));
        // Nothing has drained these for a while, so the store is down. Keep only the first ones.
        self.over.truncate(SORTS * 8);
    }
}

/// The counter of a sort; `shared` is the number of sorts beyond each tool's guaranteed ones.
fn count<'c>(
    counts: &'c mut HashMap<FailureSort, SortCount>,
    sort: &FailureSort,
    shared: &mut usize,
) -> &'c mut SortCount {
    let is_own = counts.contains_key(sort) || counts.len() < OWN_SORTS;
    if is_own || *shared < SORTS {
        *shared += usize::from(!is_own);
        return counts.entry(sort.clone()).or_default();
    }
    let many = FailureSort {
        reason: MANY,
        platform_id: None,
        ..sort.clone()
    };
    counts.entry(many).or_default()
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
        let expected = MissedFailures {
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
        let mut hear =
            |sort: &FailureSort, now| sampler.admit(sort, now) && sampler.becomes_event(sort);
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
        assert_eq!(kept, TRACES.of_tool);
        let signed = FailureSort {
            signed: true,
            ..sort("A", "1")
        };
        assert!(sampler.admit(&signed, START));
        let all = sampler.take_all();
        assert!(all.len() <= OWN_SORTS + SORTS + 1, "{}", all.len());
        let number: u64 = all.iter().map(|missed| missed.number).sum();
        assert_eq!(number, 10_000 - u64::from(TRACES.of_tool));
        assert!(all.iter().any(|missed| missed.sort.reason == MANY));
    }

    #[test]
    fn a_flood_at_other_tools_hides_nothing_of_this_one() {
        let of = |tool: usize, platform: usize| FailureSort {
            tool_id: format!("tool{tool}"),
            signed: true,
            ..sort("A", &platform.to_string())
        };
        let mut window = FailureWindow::default();
        let (mut kept, mut told) = (0, 0);
        for tool in 0..20 {
            for platform in 0..1_000 {
                let sort = of(tool, platform);
                let is_kept = window.admit(&sort, START);
                kept += u32::from(is_kept);
                told += u32::from(is_kept && window.becomes_event(&sort));
            }
        }
        assert_eq!(kept, TRACES.in_all + 20 * TRACES.own, "all are bounded");
        assert_eq!(told, EVENTS[1].in_all + 20 * EVENTS[1].own);
        let quiet: Vec<FailureSort> = (0..8).map(|platform| of(99, platform)).collect();
        for sort in &quiet {
            assert!(window.admit(sort, START) && window.becomes_event(sort));
        }
        // Each of its sorts is counted separately.
        for _ in 0..100 {
            window.admit(&quiet[1], START);
        }
        let all = window.take_all();
        assert!(
            all.iter().any(|missed| missed.sort == quiet[1]),
            "{}",
            all.len()
        );
    }
}
