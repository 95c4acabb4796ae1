//! What is kept of a roster, and what has changed in it.

use std::collections::BTreeMap;

use lti::nrps::{MemberStatus, RoleFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kit::clock::iso;
use crate::kit::id::id_from;
use crate::kit::seal;
use crate::services::roster::answer::MemberAnswer;
use crate::web::problem::Problem;

/// How long it is remembered who has left, and a roster that nobody takes any more, in milliseconds.
pub(super) const REMEMBERED_MS: i64 = 180 * 24 * 60 * 60 * 1000;

/// What is kept of a member. Times are those of the sync that found it, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Of everything that was said of them.
    #[serde(rename = "h")]
    pub hash: String,
    #[serde(rename = "l", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_learner: bool,
    /// When they came, or came back.
    #[serde(rename = "a", default)]
    pub added_at: i64,
    /// When they were last described in another way than before.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<i64>,
    /// When they had left.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<i64>,
}

/// By their ids.
pub(super) type Roster = BTreeMap<String, Kept>;

/// What has changed since the version that was named.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterChanges {
    /// Whether the roster was taken. If not, nothing of it was kept, and the last one counts.
    pub(super) applied: bool,
    /// Why it was not taken: `EMPTY` or `TEACHERS_ONLY`, after a fuller one. Send `confirm` if it is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspicious: Option<&'static str>,
    /// What to send as `since` the next time, once you have stored these changes; absent if the roster was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Whether this is the whole roster: everybody is `added`, and whom you have besides has left.
    pub(super) complete: bool,
    /// Members of the course now.
    pub(super) members: usize,
    /// Who is new, or back.
    pub(super) added: Vec<MemberAnswer>,
    /// Who is described in another way than before.
    pub(super) changed: Vec<MemberAnswer>,
    /// Who has left.
    pub(super) removed: Vec<RemovedMember>,
}

/// A member who has left. What becomes of their work is the application's decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovedMember {
    user_id: String,
    /// Always `Deleted`.
    status: &'static str,
    #[schema(format = DateTime)]
    removed_at: String,
}

/// The roster that these members make of the one before, and its members, each once.
pub(super) fn taken(
    before: Roster,
    members: Vec<MemberAnswer>,
    now: i64,
) -> Result<(Roster, Vec<MemberAnswer>), Problem> {
    let learner = RoleFilter::new("Learner");
    let (mut roster, mut left, mut there) = (Roster::new(), before, Vec::new());
    for member in members {
        let is_there = member.status() != MemberStatus::Deleted.name();
        if !is_there || roster.contains_key(member.user_id()) {
            continue;
        }
        let text = serde_json::to_string(&member).map_err(Problem::internal)?;
        let hash = id_from(&seal::hash(&[&text]));
        let before = left.remove(member.user_id());
        let before = before.filter(|before| before.removed_at.is_none());
        let kept = Kept {
            is_learner: learner.admits(member.roles()),
            added_at: before.as_ref().map_or(now, |before| before.added_at),
            changed_at: match before {
                Some(before) if before.hash != hash => Some(now),
                before => before.and_then(|before| before.changed_at),
            },
            removed_at: None,
            hash,
        };
        roster.insert(member.user_id().to_owned(), kept);
        there.push(member);
    }
    for kept in left.values_mut() {
        kept.removed_at.get_or_insert(now);
    }
    roster.append(&mut left);
    Ok((roster, there))
}

/// What an application has to be told that knows the roster as it was at this time; everything without one.
pub(super) fn changes(
    roster: &Roster,
    there: Vec<MemberAnswer>,
    since: Option<i64>,
) -> RosterChanges {
    let after = since.unwrap_or(i64::MIN);
    let members = there.len();
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for member in there {
        match roster.get(member.user_id()) {
            Some(kept) if kept.added_at > after => added.push(member),
            Some(kept) if kept.changed_at.is_some_and(|at| at > after) => changed.push(member),
            _ => {}
        }
    }
    let left = roster.iter().filter_map(|(user_id, kept)| {
        let removed_at = kept.removed_at.filter(|at| *at > after)?;
        Some(gone(user_id.clone(), removed_at))
    });
    RosterChanges {
        applied: true,
        suspicious: None,
        version: None,
        complete: since.is_none(),
        members,
        added,
        changed,
        removed: left.collect(),
    }
}

/// Forgets who left long ago.
pub(super) fn forget_long_gone(roster: &mut Roster, now: i64) {
    roster.retain(|_, kept| kept.removed_at.is_none_or(|at| at > now - REMEMBERED_MS));
}

/// When something is to be forgotten next of a roster that was taken at this time.
pub(super) fn forget_at(roster: &Roster, taken_at: i64) -> i64 {
    let left = roster.values().filter_map(|kept| kept.removed_at);
    left.chain([taken_at]).min().unwrap_or(taken_at) + REMEMBERED_MS
}

pub(super) fn gone(user_id: String, removed_at: i64) -> RemovedMember {
    RemovedMember {
        user_id,
        status: MemberStatus::Deleted.name(),
        removed_at: iso(removed_at),
    }
}

pub(super) fn present(roster: &Roster) -> impl Iterator<Item = &Kept> {
    roster.values().filter(|kept| kept.removed_at.is_none())
}

/// Why a roster looks like a failure of the platform's, after a fuller one.
pub(super) fn suspicious(before: &Roster, now: &Roster) -> Option<&'static str> {
    let learners = |roster| present(roster).filter(|kept| kept.is_learner).count();
    if present(before).count() > 0 && present(now).count() == 0 {
        return Some("EMPTY");
    }
    (learners(before) > 0 && learners(now) == 0).then_some("TEACHERS_ONLY")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use lti::nrps::Member;
    use serde_json::json;
    use test_case::cases;

    use super::*;

    fn member(id: &str, role: &str, name: &str) -> MemberAnswer {
        let member = json!({"user_id": id, "roles": [role], "name": name});
        Member::read(member).unwrap().into()
    }

    /// Takes a roster, and tells what has changed since a moment before.
    fn take(before: &Roster, members: &[(&str, &str, &str)], now: i64) -> (Roster, RosterChanges) {
        told(before, members, now, Some(now - 1))
    }

    fn told(
        before: &Roster,
        members: &[(&str, &str, &str)],
        now: i64,
        since: Option<i64>,
    ) -> (Roster, RosterChanges) {
        let members = members
            .iter()
            .map(|(id, role, name)| member(id, role, name));
        let (roster, there) = taken(before.clone(), members.collect(), now).unwrap();
        let changes = changes(&roster, there, since);
        (roster, changes)
    }

    fn ids(members: &[MemberAnswer]) -> Vec<&str> {
        members.iter().map(MemberAnswer::user_id).collect()
    }

    #[cases("SV-9")]
    #[test]
    fn who_came_changed_and_left_is_told() {
        let (first, told) = take(
            &Roster::new(),
            &[
                ("1", "Instructor", "T"),
                ("2", "Learner", "A"),
                ("3", "Learner", "B"),
                ("2", "Learner", "A"),
            ],
            1,
        );
        assert_eq!((ids(&told.added), told.members), (vec!["1", "2", "3"], 3));
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
            (ids(&told.added), ids(&told.changed)),
            (vec!["4"], vec!["2"])
        );
        let removed: Vec<&str> = told
            .removed
            .iter()
            .map(|one| one.user_id.as_str())
            .collect();
        assert_eq!((removed, told.members), (vec!["3"], 3));
        assert_eq!(second["3"].removed_at, Some(2));
        let (third, told) = take(&second, &[("2", "Learner", "A2"), ("3", "Learner", "B")], 3);
        assert_eq!((ids(&told.added), ids(&told.changed)), (vec!["3"], vec![]));
        assert_eq!((told.removed.len(), third["3"].removed_at), (2, None));
    }

    #[cases("SV-9")]
    #[test]
    fn what_an_answer_lost_is_told_again() {
        let (a, b) = (("1", "Learner", "A"), ("2", "Learner", "B"));
        let first = take(&Roster::new(), &[a, b], 10).0;
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
            let told = told(&second, &now, 30, since).1;
            assert_eq!(
                (ids(&told.added), ids(&told.changed)),
                (added, changed),
                "{since:?}"
            );
            assert_eq!(
                (told.removed.len(), told.complete),
                (removed, since.is_none()),
                "{since:?}"
            );
        }
    }

    #[cases("SV-9")]
    #[test]
    fn who_left_long_ago_is_forgotten() {
        let full = take(
            &Roster::new(),
            &[("1", "Learner", "A"), ("2", "Learner", "B")],
            1,
        )
        .0;
        assert_eq!(forget_at(&full, 1), 1 + REMEMBERED_MS);
        let mut left = take(&full, &[("1", "Learner", "A")], 5).0;
        assert_eq!(forget_at(&left, 9), 5 + REMEMBERED_MS);
        forget_long_gone(&mut left, 4 + REMEMBERED_MS);
        assert_eq!(left.len(), 2);
        forget_long_gone(&mut left, 5 + REMEMBERED_MS);
        assert_eq!(left.keys().collect::<Vec<_>>(), ["1"]);
    }

    #[cases("SV-9")]
    #[test]
    fn a_roster_without_learners_is_not_believed_at_once() {
        let full = take(
            &Roster::new(),
            &[("1", "Instructor", "T"), ("2", "Learner", "A")],
            1,
        )
        .0;
        let teachers = take(&full, &[("1", "Instructor", "T")], 2).0;
        let empty = take(&full, &[], 2).0;
        assert_eq!(suspicious(&full, &teachers), Some("TEACHERS_ONLY"));
        assert_eq!(suspicious(&full, &empty), Some("EMPTY"));
        assert_eq!(suspicious(&Roster::new(), &Roster::new()), None);
        assert_eq!(suspicious(&teachers, &teachers), None);
        assert_eq!(suspicious(&full, &full), None);
    }
}
