//! Limits the requests to an LMS's services.

/// The requests of the current second, and the limit.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    /// The most requests per second; `None` if there is no limit.
    pub(crate) per_second: Option<u32>,
    /// How many have been refused.
    pub(crate) refused: u64,
    /// The most simultaneous requests so far.
    pub(crate) most_at_once: u32,
    at_once: u32,
    second: i64,
    seen: u32,
}

impl Throttle {
    /// Counts the beginning of a request.
    pub(crate) fn begin(&mut self) {
        self.at_once += 1;
        self.most_at_once = self.most_at_once.max(self.at_once);
    }

    /// Counts the end of a request.
    pub(crate) fn end(&mut self) {
        self.at_once = self.at_once.saturating_sub(1);
    }

    /// Whether one more request is allowed in this second.
    pub(crate) fn admits(&mut self, second: i64) -> bool {
        if self.second != second {
            (self.second, self.seen) = (second, 0);
        }
        self.seen += 1;
        let is_admitted = self.per_second.is_none_or(|limit| self.seen <= limit);
        self.refused += u64::from(!is_admitted);
        is_admitted
    }
}
