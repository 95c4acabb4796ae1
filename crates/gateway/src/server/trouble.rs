//! Recurring trouble, reported once a minute.

use std::time::Duration;

use crate::kit::clock::Stopwatch;

/// How often recurring trouble is reported.
const REPORT: Duration = Duration::from_secs(60);

/// Something that keeps happening.
#[derive(Default)]
pub(super) struct Trouble {
    reported: Option<Stopwatch>,
    times: u64,
}

impl Trouble {
    /// How often it has happened since the last report, if a report is due.
    pub(super) fn is_due(&mut self) -> Option<u64> {
        self.times += 1;
        if self.reported.is_some_and(|last| last.elapsed() < REPORT) {
            return None;
        }
        self.reported = Some(Stopwatch::start());
        Some(std::mem::take(&mut self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_reported_once_a_minute() {
        let mut trouble = Trouble::default();
        assert_eq!(trouble.is_due(), Some(1));
        for _ in 0..1000 {
            assert_eq!(trouble.is_due(), None);
        }
        trouble.reported = None;
        assert_eq!(trouble.is_due(), Some(1001));
    }
}
