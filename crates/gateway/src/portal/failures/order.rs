//! The order of causes in lists: what goes wrong now comes first, however often something else did
//! before.

use std::cmp::Reverse;

/// Causes whose last failures are this close count as equally new, in milliseconds.
const SPELL_MS: i64 = 5 * 60 * 1000;

/// Sorts causes: how long ago the last failure was, then how many there were.
pub(crate) fn rank(last_at: i64, number: i64, now: i64) -> (i64, Reverse<i64>) {
    ((now - last_at).max(0) / SPELL_MS, Reverse(number))
}
