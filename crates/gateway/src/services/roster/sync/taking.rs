//! A roster being read: the previous one, updated with each member that arrives, so that members
//! need not be kept in memory. Only those that the application will be told about are kept, as the
//! text of the answer.

use lti::nrps::{Member, MemberStatus, RoleFilter};
use store::rosters::RosterRow;
use url::Url;

use super::kept::{Headcount, KeptMember, KnownRoster, Snapshot, hash_of};
use super::sync_answer::{RosterAnswer, RosterChanges, gone};
use super::texts::MemberTexts;
use super::version::Version;
use crate::services::roster::answer::MemberAnswer;

/// How much of a roster is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it: anyone not listed has left.
    Whole,
    /// The changes since the last time: anyone not listed is unchanged.
    Differences,
}

/// A roster being read.
pub(super) struct RosterReading {
    extent: Extent,
    row: RosterRow,
    snapshot: Snapshot,
    before: Headcount,
    /// The time of this sync, in milliseconds since 1970; always later than the previous one,
    /// whatever the clock says.
    at: i64,
    /// When it began, according to the clock.
    now: i64,
    /// What the application has, as the time of a sync; `None` if it has nothing that is known
    /// here.
    since: Option<i64>,
    learner: RoleFilter,
    /// Members listed as having left.
    left: Vec<String>,
    listed: usize,
    added: MemberTexts,
    changed: MemberTexts,
}

/// A roster that was read completely.
pub(super) struct ReadRoster {
    pub row: RosterRow,
    pub snapshot: Snapshot,
    /// When the sync began, in milliseconds since 1970.
    pub at: i64,
    pub before: Headcount,
    since: Option<i64>,
    added: MemberTexts,
    changed: MemberTexts,
}

impl RosterReading {
    /// Starts with the known roster of the course, for an application that has `since`.
    pub(super) fn new(known: KnownRoster, extent: Extent, since: Option<i64>, now: i64) -> Self {
        let KnownRoster { row, snapshot } = known;
        Self {
            extent,
            at: Version::after(&row, now).at,
            now,
            before: snapshot.headcount(),
            row,
            snapshot,
            since,
            learner: RoleFilter::new("Learner"),
            left: Vec::new(),
            listed: 0,
            added: MemberTexts::default(),
            changed: MemberTexts::default(),
        }
    }

    /// Processes the next member. If a member is listed twice, the first entry counts, and being
    /// present takes precedence over having left.
    ///
    /// # Errors
    /// The member can't be serialised.
    pub(super) fn take(&mut self, member: Member) -> serde_json::Result<()> {
        self.listed += 1;
        if member.status == MemberStatus::Deleted {
            self.left.push(member.user_id);
            return Ok(());
        }
        let member = MemberAnswer::from(member);
        let text = serde_json::to_string(&member)?;
        let hash = hash_of(&text);
        let is_learner = self.learner.admits(member.roles());
        let (added_at, changed_at) = match self.snapshot.roster.get_mut(member.user_id()) {
            Some(kept) if kept.is_seen => return Ok(()),
            Some(kept) if kept.removed_at.is_none() => {
                if kept.hash != hash {
                    kept.hash = hash;
                    kept.changed_at = Some(self.at);
                }
                kept.is_learner = is_learner;
                kept.is_seen = true;
                (kept.added_at, kept.changed_at)
            }
            _ => {
                let kept = KeptMember {
                    hash,
                    is_learner,
                    added_at: self.at,
                    changed_at: None,
                    removed_at: None,
                    is_seen: true,
                };
                let roster = &mut self.snapshot.roster;
                roster.insert(member.user_id().into(), kept);
                (self.at, None)
            }
        };
        let after = self.since.unwrap_or(i64::MIN);
        if added_at > after {
            self.added.push(&text);
        } else if changed_at.is_some_and(|at| at > after) {
            self.changed.push(&text);
        }
        Ok(())
    }

    /// How many members have been listed so far.
    pub(super) const fn listed(&self) -> usize {
        self.listed
    }

    /// The complete roster, once everything has arrived; `differences` is the platform's address
    /// for later changes.
    pub(super) fn end(mut self, differences: Option<&Url>) -> ReadRoster {
        let roster = &mut self.snapshot.roster;
        match self.extent {
            Extent::Whole => {
                for kept in roster.values_mut().filter(|kept| !kept.is_seen) {
                    kept.removed_at.get_or_insert(self.at);
                }
                self.snapshot.source.whole_at = self.now;
            }
            Extent::Differences => {
                for id in &self.left {
                    if let Some(kept) = roster.get_mut(&**id).filter(|kept| !kept.is_seen) {
                        kept.removed_at.get_or_insert(self.at);
                    }
                }
            }
        }
        self.snapshot.source.differences = differences.map(Url::to_string);
        self.snapshot.forget_long_gone(self.at);
        ReadRoster {
            row: self.row,
            snapshot: self.snapshot,
            at: self.at,
            before: self.before,
            since: self.since,
            added: self.added,
            changed: self.changed,
        }
    }
}

impl ReadRoster {
    /// The changes for the application. This consumes the roster.
    pub(super) fn answer(self) -> RosterAnswer {
        let after = self.since.unwrap_or(i64::MIN);
        let version = Version::of(&self.row, self.at).to_string();
        let members = self.snapshot.headcount().members;
        let left = self.snapshot.roster.into_iter();
        let left = left.filter_map(|(user_id, kept)| {
            let removed_at = kept.removed_at.filter(|at| *at > after)?;
            Some(gone(user_id, removed_at))
        });
        RosterAnswer {
            changes: RosterChanges {
                version: Some(version),
                complete: self.since.is_none(),
                removed: left.collect(),
                ..RosterChanges::applied(members)
            },
            added: self.added,
            changed: self.changed,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::{Value, json};
    use test_case::cases;

    use super::*;

    fn row() -> RosterRow {
        RosterRow {
            id: "AbCdEfGhIj".into(),
            roster_sealed: Vec::new(),
            version: 1,
            attempted_at: 0,
            succeeded_at: None,
            attempts: 1,
            failures: 0,
            error: None,
            epoch: "a1".into(),
        }
    }

    fn member(id: &str, role: &str, name: &str, status: &str) -> Member {
        let member = json!({"user_id": id, "roles": [role], "name": name, "status": status});
        Member::read(member).unwrap()
    }

    fn taken(
        before: &Snapshot,
        extent: Extent,
        members: &[(&str, &str, &str)],
        (now, since): (i64, Option<i64>),
    ) -> ReadRoster {
        let known = KnownRoster {
            row: row(),
            snapshot: before.clone(),
        };
        let mut taking = RosterReading::new(known, extent, since, now);
        for (id, role, name) in members {
            let (role, status) = match *role {
                "Deleted" => ("Learner", "Deleted"),
                role => (role, "Active"),
            };
            taking.take(member(id, role, name, status)).unwrap();
        }
        taking.end(None)
    }

    /// Stored, and read again.
    fn stored(taken: &ReadRoster) -> Snapshot {
        let mut written = Vec::new();
        taken.snapshot.write(&mut written);
        Snapshot::read(&written).unwrap()
    }

    /// Reads a whole roster: returns what is stored, and what is returned to an application that
    /// knew the previous one.
    fn take(before: &Snapshot, members: &[(&str, &str, &str)], now: i64) -> (Snapshot, Value) {
        let taken = taken(before, Extent::Whole, members, (now, Some(now - 1)));
        (stored(&taken), taken.answer().value())
    }

    fn ids<'a>(told: &'a Value, list: &str) -> Vec<&'a str> {
        let list = told[list].as_array().unwrap().iter();
        list.map(|one| one["userId"].as_str().unwrap()).collect()
    }

    #[cases("SV-9")]
    #[test]
    fn who_came_changed_and_left_is_told() {
        let (first, told) = take(
            &Snapshot::default(),
            &[
                ("1", "Instructor", "T"),
                ("2", "Learner", "A"),
                ("3", "Learner", "B"),
                ("2", "Learner", "A"),
            ],
            1,
        );
        assert_eq!(ids(&told, "added"), ["1", "2", "3"]);
        assert_eq!(
            (&told["members"], &told["applied"]),
            (&json!(3), &json!(true))
        );
        let (second, told) = take(
            &first,
            &[
                ("1", "Instructor", "T"),
                ("2", "Learner", "A2"),
                ("4", "Learner", "C"),
            ],
            2,
        );
        assert_eq!(
            (ids(&told, "added"), ids(&told, "changed")),
            (vec!["4"], vec!["2"])
        );
        assert_eq!(
            (ids(&told, "removed"), &told["members"]),
            (vec!["3"], &json!(3))
        );
        assert_eq!(second.roster["3"].removed_at, Some(2));
        let (third, told) = take(&second, &[("2", "Learner", "A2"), ("3", "Learner", "B")], 3);
        assert_eq!(
            (ids(&told, "added"), ids(&told, "changed")),
            (vec!["3"], vec![])
        );
        assert_eq!(
            (ids(&told, "removed").len(), third.roster["3"].removed_at),
            (2, None)
        );
    }

    #[cases("SV-9")]
    #[test]
    fn what_an_answer_lost_is_told_again() {
        let (a, b) = (("1", "Learner", "A"), ("2", "Learner", "B"));
        let first = take(&Snapshot::default(), &[a, b], 10).0;
        let second = take(&first, &[("1", "Learner", "A2"), ("3", "Learner", "C")], 20).0;
        let now = [
            ("1", "Learner", "A2"),
            ("3", "Learner", "C"),
            ("4", "Learner", "D"),
        ];
        for (since, added, changed, removed) in [
            (Some(10), vec!["3", "4"], vec!["1"], 1),
            (Some(20), vec!["4"], vec![], 0),
            (Some(30), vec![], vec![], 0),
            (None, vec!["1", "3", "4"], vec![], 1),
        ] {
            let told = taken(&second, Extent::Whole, &now, (30, since))
                .answer()
                .value();
            assert_eq!(
                (ids(&told, "added"), ids(&told, "changed")),
                (added, changed),
                "{since:?}"
            );
            assert_eq!(
                (ids(&told, "removed").len(), &told["complete"]),
                (removed, &json!(since.is_none())),
                "{since:?}"
            );
        }
    }

    #[cases("TC-315", "F-43")]
    #[test]
    fn differences_leave_those_alone_that_they_do_not_list() {
        let first = take(
            &Snapshot::default(),
            &[
                ("1", "Instructor", "T"),
                ("2", "Learner", "A"),
                ("3", "Learner", "B"),
            ],
            1,
        )
        .0;
        let listed = [
            ("2", "Deleted", "A"),
            ("4", "Learner", "C"),
            ("3", "Learner", "B2"),
            // Unknown people.
            ("5", "Deleted", "E"),
            // Someone who left and came back is present, in whichever order that is listed.
            ("1", "Deleted", "T"),
            ("1", "Instructor", "T"),
        ];
        let taken = taken(&first, Extent::Differences, &listed, (2, Some(1)));
        let second = stored(&taken);
        let told = taken.answer().value();
        assert_eq!(
            (ids(&told, "added"), ids(&told, "changed")),
            (vec!["4"], vec!["3"])
        );
        assert_eq!(
            (ids(&told, "removed"), &told["members"]),
            (vec!["2"], &json!(3))
        );
        let members = second.roster.keys().map(|id| &**id);
        assert!(members.eq(["1", "2", "3", "4"]));
        assert_eq!((first.source.whole_at, second.source.whole_at), (1, 1));
    }
}
