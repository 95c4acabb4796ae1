//! The version of a roster, with which an application says in `since` what it has stored.

use std::fmt;

use store::rosters::RosterRow;

use super::kept::REMEMBERED_MS;
use crate::kit::id::id_from;
use crate::kit::seal;

/// How many characters of a version identify the course and the store's epoch.
const OF_MARK: usize = 8;

/// A version: the time of the sync that created it, for one roster.
pub(super) struct Version {
    mark: String,
    /// In milliseconds since 1970.
    pub at: i64,
}

impl Version {
    /// The version after the row's. Its time is later even if the clock was set back.
    pub(super) fn after(row: &RosterRow, now: i64) -> Self {
        let after = row
            .succeeded_at
            .map_or(i64::MIN, |last| last.saturating_add(1));
        Self::of(row, now.max(after))
    }

    /// The version created by a sync at this time.
    pub(super) fn of(row: &RosterRow, at: i64) -> Self {
        Self {
            mark: mark(row),
            at,
        }
    }

    /// The time of a version given by an application. `None` if the changes since then aren't
    /// known: it isn't a version of this roster, it is one that a restored backup doesn't know, or
    /// it is so old that some who left have been forgotten.
    pub(super) fn read(named: &str, row: &RosterRow, now: i64) -> Option<i64> {
        let (at, of) = named.split_once('.')?;
        let at: i64 = at.parse().ok()?;
        let is_known = row.succeeded_at.is_some_and(|last| at <= last);
        (of == mark(row) && is_known && at > now.saturating_sub(REMEMBERED_MS)).then_some(at)
    }
}

fn mark(row: &RosterRow) -> String {
    let mut mark = id_from(&seal::hash(&["roster version", &row.id, &row.epoch]));
    mark.truncate(OF_MARK);
    mark
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.mark)
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn row(id: &str, succeeded_at: Option<i64>) -> RosterRow {
        RosterRow {
            id: id.into(),
            roster_sealed: Vec::new(),
            version: 1,
            attempted_at: 0,
            succeeded_at,
            attempts: 1,
            failures: 0,
            error: None,
            epoch: "a1".into(),
        }
    }

    #[cases("SV-9")]
    #[test]
    fn a_version_is_of_one_roster_and_of_its_past() {
        let now = 2 * REMEMBERED_MS;
        let known = row("AbCdEfGhIj", Some(now));
        let version = |at: i64| format!("{at}.{}", mark(&known));
        assert_eq!(
            Version::after(&known, now - 500).to_string(),
            version(now + 1)
        );
        assert_eq!(
            Version::after(&known, now + 500).to_string(),
            version(now + 500)
        );
        assert_eq!(Version::read(&version(now), &known, now), Some(now));
        let old = now - REMEMBERED_MS;
        assert_eq!(Version::read(&version(old + 1), &known, now), Some(old + 1));
        for unknown in [
            version(now + 1),
            version(old),
            format!("{now}.AbCdEfGi"),
            now.to_string(),
            "x".into(),
            String::new(),
        ] {
            assert_eq!(Version::read(&unknown, &known, now), None, "{unknown}");
        }
        let other = row("AbCdEfGhIk", Some(now));
        assert_eq!(Version::read(&version(now), &other, now), None);
        let brought_back = RosterRow {
            epoch: "b2".into(),
            ..known.clone()
        };
        assert_eq!(Version::read(&version(now), &brought_back, now), None);
        let never = row("AbCdEfGhIj", None);
        assert_eq!(Version::read(&version(now), &never, now), None);
    }
}
