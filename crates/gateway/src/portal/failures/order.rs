//! The order of causes in lists: what goes wrong now comes first, however often something else did
//! before.

use std::cmp::Reverse;

/// Causes whose last failures are this close count as equally new, in milliseconds.
const SPELL_MS: i64 = 5 * 60 * 1000;

/// Sorts causes: how long ago the last failure was, then how many there were.
pub(crate) fn rank(last_at: i64, number: i64, now: i64) -> (i64, Reverse<i64>) {
    ((now - last_at).max(0) / SPELL_MS, Reverse(number))
}

/// Collects causes in their order: those that are open, and after them what has been mended.
pub(crate) struct OpenFirst<T> {
    most: usize,
    open: Vec<T>,
    mended: Vec<T>,
}

impl<T> OpenFirst<T> {
    /// For at most this many.
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            most,
            open: Vec::new(),
            mended: Vec::new(),
        }
    }

    /// Adds one. Returns whether the others need not be looked at.
    pub(crate) fn add(&mut self, cause: T, is_mended: bool) -> bool {
        let list = if is_mended {
            &mut self.mended
        } else {
            &mut self.open
        };
        list.push(cause);
        self.open.len() >= self.most
    }

    pub(crate) fn into_list(mut self) -> Vec<T> {
        self.open.append(&mut self.mended);
        self.open.truncate(self.most);
        self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mended_takes_no_place_of_what_is_open() {
        let mut causes = OpenFirst::new(2);
        assert!(!causes.add("A", true));
        assert!(!causes.add("B", true));
        assert!(!causes.add("C", false));
        assert!(causes.add("D", false), "there are enough");
        assert_eq!(causes.into_list(), ["C", "D"]);
        let mut causes = OpenFirst::new(2);
        causes.add("A", true);
        causes.add("B", true);
        causes.add("C", false);
        assert_eq!(causes.into_list(), ["C", "A"]);
    }
}
