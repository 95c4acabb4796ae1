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

/// What is kept of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Of everything that was said of them.
    #[serde(rename = "h")]
    pub hash: String,
    #[serde(rename = "l", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_learner: bool,
    /// When they had left, in milliseconds since 1970.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<i64>,
}

/// By their ids.
pub(super) type Roster = BTreeMap<String, Kept>;

/// What has changed since the roster was last taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterChanges {
    /// Whether the roster was taken. If not, nothing of it was kept, and the last one counts.
    pub(super) applied: bool,
    /// Why it was not taken: `EMPTY` or `TEACHERS_ONLY`, after a fuller one. Send `confirm` if it is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspicious: Option<&'static str>,
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

/// The roster that these members make of the one before, and what has changed.
pub(super) fn changes(
    before: Roster,
    members: Vec<MemberAnswer>,
    now: i64,
) -> Result<(Roster, RosterChanges), Problem> {
    let learner = RoleFilter::new("Learner");
    let (mut roster, mut left) = (Roster::new(), before);
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for member in members {
        if member.status() == MemberStatus::Deleted.name() {
            continue;
        }
        let text = serde_json::to_string(&member).map_err(Problem::internal)?;
        let kept = Kept {
            hash: id_from(&seal::hash(&[&text])),
            is_learner: learner.admits(member.roles()),
            removed_at: None,
        };
        let user_id = member.user_id().to_owned();
        match left.remove(&user_id) {
            Some(before) if before.removed_at.is_none() => {
                if before.hash != kept.hash {
                    changed.push(member);
                }
            }
            // A second mention of somebody is none.
            None if roster.contains_key(&user_id) => continue,
            _ => added.push(member),
        }
        roster.insert(user_id, kept);
    }
    let members = roster.len();
    let mut removed = Vec::new();
    for (user_id, mut kept) in left {
        if kept.removed_at.is_none() {
            kept.removed_at = Some(now);
            removed.push(gone(user_id.clone(), now));
        }
        roster.insert(user_id, kept);
    }
    let changes = RosterChanges {
        applied: true,
        suspicious: None,
        members,
        added,
        changed,
        removed,
    };
    Ok((roster, changes))
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

    fn take(before: &Roster, members: &[(&str, &str, &str)], now: i64) -> (Roster, RosterChanges) {
        let members = members
            .iter()
            .map(|(id, role, name)| member(id, role, name));
        changes(before.clone(), members.collect(), now).unwrap()
    }

    fn ids(members: &[MemberAnswer]) -> Vec<&str> {
        members.iter().map(MemberAnswer::user_id).collect()
    }

    #[cases("SV-9")]
    #[test]
    fn who_came_changed_and_left_is_told_once() {
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
