//! What is stored of a roster.

use std::collections::BTreeMap;

use serde::Deserialize;
use store::rosters::RosterRow;

use crate::kit::id::id_from;
use crate::kit::seal;

/// How long people who left are remembered, and how long a roster that is no longer synchronised is
/// kept, in milliseconds.
pub(super) const REMEMBERED_MS: i64 = 180 * 24 * 60 * 60 * 1000;

/// The roster had members before, and now has none.
pub(super) const EMPTY: &str = "EMPTY";
/// The roster had learners before, and now has none.
pub(super) const TEACHERS_ONLY: &str = "TEACHERS_ONLY";

/// What is stored of everything said about a member: letters and digits.
pub(super) type MemberHash = [u8; 20];

/// The hash of a member's text.
pub(super) fn hash_of(text: &str) -> MemberHash {
    let id = id_from(&seal::hash(&[text]));
    id.into_bytes().try_into().unwrap_or_default()
}

/// What is stored about a member. Times are those of the sync that found it, in milliseconds
/// since 1970.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeptMember {
    /// The hash of everything said about them.
    pub hash: MemberHash,
    pub is_learner: bool,
    /// When they joined, or returned.
    pub added_at: i64,
    /// When their description last changed.
    pub changed_at: Option<i64>,
    /// When they left.
    pub removed_at: Option<i64>,
    /// Whether the current sync has found them.
    pub is_seen: bool,
}

impl KeptMember {
    /// Whether an application that has the roster as of this time knows their current state.
    fn is_known_at(&self, at: i64) -> bool {
        self.removed_at.is_some()
            || (self.added_at <= at && self.changed_at.is_none_or(|changed| changed <= at))
    }
}

/// Members by id.
pub(super) type Roster = BTreeMap<Box<str>, KeptMember>;

/// Where a roster comes from. It was JSON in older versions.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct RosterSource {
    /// The platform's address for later changes (lti.md F-43).
    #[serde(rename = "d", default)]
    pub differences: Option<String>,
    /// When the whole roster was last read, in milliseconds since 1970.
    #[serde(rename = "w", default)]
    pub whole_at: i64,
}

/// A roster as stored, sealed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Snapshot {
    pub source: RosterSource,
    pub roster: Roster,
}

impl Snapshot {
    /// Whether an application that has the roster as of this time knows everyone's current state,
    /// apart from those who left.
    pub(super) fn is_known_at(&self, at: i64) -> bool {
        self.roster.values().all(|kept| kept.is_known_at(at))
    }

    /// Whether anyone is remembered who was there at this time. If not, the roster may have been
    /// restarted after it, and it is unknown who left before that.
    pub(super) fn goes_back_to(&self, at: i64) -> bool {
        self.roster.values().any(|kept| kept.added_at <= at)
    }

    /// Forgets members who left long ago.
    pub(super) fn forget_long_gone(&mut self, now: i64) {
        let is_kept = |kept: &KeptMember| kept.removed_at.is_none_or(|at| at > now - REMEMBERED_MS);
        self.roster.retain(|_, kept| is_kept(kept));
    }

    /// When something expires next, if it was synchronised at this time.
    pub(super) fn forget_at(&self, taken_at: i64) -> i64 {
        let left = self.roster.values().filter_map(|kept| kept.removed_at);
        left.chain([taken_at]).min().unwrap_or(taken_at) + REMEMBERED_MS
    }

    pub(super) fn present(&self) -> impl Iterator<Item = &KeptMember> {
        self.roster
            .values()
            .filter(|kept| kept.removed_at.is_none())
    }

    pub(super) fn headcount(&self) -> Headcount {
        Headcount {
            members: self.present().count(),
            learners: self.present().filter(|kept| kept.is_learner).count(),
        }
    }
}

/// A roster and its row, whose sealed bytes have been taken out.
pub(super) struct KnownRoster {
    pub row: RosterRow,
    pub snapshot: Snapshot,
}

/// The number of people in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Headcount {
    pub members: usize,
    pub learners: usize,
}

impl Headcount {
    /// Why a roster looks like a failure of the platform, given that the previous one had more
    /// members.
    pub(super) fn suspicious_after(self, before: Self) -> Option<&'static str> {
        if before.members > 0 && self.members == 0 {
            return Some(EMPTY);
        }
        (before.learners > 0 && self.learners == 0).then_some(TEACHERS_ONLY)
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn kept(added_at: i64, changed_at: Option<i64>, removed_at: Option<i64>) -> KeptMember {
        KeptMember {
            hash: hash_of("h"),
            is_learner: true,
            added_at,
            changed_at,
            removed_at,
            is_seen: false,
        }
    }

    fn snapshot(members: &[(&str, KeptMember)]) -> Snapshot {
        let members = members.iter().cloned();
        Snapshot {
            source: RosterSource::default(),
            roster: members.map(|(id, kept)| (id.into(), kept)).collect(),
        }
    }

    #[cases("SV-9")]
    #[test]
    fn who_left_long_ago_is_forgotten() {
        let full = snapshot(&[("1", kept(1, None, None)), ("2", kept(1, None, None))]);
        assert_eq!(full.forget_at(1), 1 + REMEMBERED_MS);
        let mut left = snapshot(&[("1", kept(1, None, None)), ("2", kept(1, None, Some(5)))]);
        assert_eq!(left.forget_at(9), 5 + REMEMBERED_MS);
        left.forget_long_gone(4 + REMEMBERED_MS);
        assert_eq!(left.roster.len(), 2);
        left.forget_long_gone(5 + REMEMBERED_MS);
        assert!(left.roster.keys().map(|id| &**id).eq(["1"]));
    }

    #[cases("SV-9")]
    #[test]
    fn a_roster_goes_back_to_the_first_who_is_remembered() {
        let roster = snapshot(&[("1", kept(5, None, Some(8))), ("2", kept(8, None, None))]);
        assert!(!roster.goes_back_to(4));
        assert!(roster.goes_back_to(5));
        assert!(!Snapshot::default().goes_back_to(9));
    }

    #[cases("SV-9", "F-43")]
    #[test]
    fn what_an_application_lacks_is_more_than_who_left() {
        for (member, is_known) in [
            (kept(5, None, None), true),
            (kept(6, None, None), false),
            (kept(1, Some(5), None), true),
            (kept(1, Some(6), None), false),
            (kept(6, Some(6), Some(6)), true),
        ] {
            let known = snapshot(&[("a", kept(1, None, None)), ("b", member.clone())]);
            assert_eq!(known.is_known_at(5), is_known, "{member:?}");
        }
    }

    #[cases("SV-9")]
    #[test]
    fn a_roster_without_learners_is_not_believed_at_once() {
        let count = |members, learners| Headcount { members, learners };
        let full = count(2, 1);
        assert_eq!(count(1, 0).suspicious_after(full), Some("TEACHERS_ONLY"));
        assert_eq!(count(0, 0).suspicious_after(full), Some("EMPTY"));
        assert_eq!(count(0, 0).suspicious_after(count(0, 0)), None);
        assert_eq!(count(1, 0).suspicious_after(count(1, 0)), None);
        assert_eq!(full.suspicious_after(full), None);
    }
}
