//! Whether the holder of something in the store is still alive: judged by a sign in its row that
//! keeps changing, and by the time that passes here. Dates play no part, because they can be set,
//! and differ between servers.

use std::time::Duration;

use super::cache::Cache;

/// How many rows are watched.
const WATCHED: usize = 10_000;
/// How long a row is watched if no one asks about it.
const LIFE: Duration = Duration::from_secs(60 * 60);

/// What was last seen of rows that have a holder.
pub(crate) struct Standstills<S>(Cache<String, (S, Duration)>);

impl<S> Default for Standstills<S>
where
    S: Clone + PartialEq,
{
    fn default() -> Self {
        Self(Cache::new(WATCHED).living(|_| LIFE))
    }
}

impl<S> Standstills<S>
where
    S: Clone + PartialEq,
{
    /// Whether a row's sign has stayed the same for this long since this server was first asked
    /// about it. `now` is the clock's uptime.
    pub(crate) fn has_stood(&self, row: &str, sign: &S, now: Duration, long: Duration) -> bool {
        match self.0.get(row) {
            Some((seen, since)) if seen == *sign => now.saturating_sub(since) >= long,
            _ => {
                self.0.insert(row.to_owned(), (sign.clone(), now));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_still_while_time_passes_is_dead() {
        let seen = Standstills::default();
        let after = |row: &str, sign: u8, seconds: u64| {
            let now = Duration::from_secs(seconds);
            seen.has_stood(row, &sign, now, Duration::from_secs(20))
        };
        assert!(!after("a", 1, 100), "seen for the first time");
        assert!(!after("a", 1, 119) && !after("b", 1, 119));
        assert!(after("a", 1, 120) && !after("b", 1, 120));
        assert!(!after("a", 2, 150), "it moved");
        assert!(!after("a", 2, 169) && after("a", 2, 170));
    }
}
