//! `/api/memberships/sync`: the whole roster of a course, and who came, changed and left since it was last taken
//! (services.md SV-9, SV-10).
//!
//! What is kept of a member is the id, a hash of the rest, and whether they learn there. A roster is replaced whole or not at
//! all (lti.md F-46), and one that looks like a failure of the platform's only if the application confirms it.

use std::collections::{BTreeMap, HashSet};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use lti::claims::scope::MEMBERSHIP_READONLY;
use lti::nrps::{CONTAINER, MemberStatus, Reader, RoleFilter};
use serde::{Deserialize, Serialize};
use store::rosters::{self, RosterRow};
use store::{Db, StoreError};
use url::Url;
use utoipa::ToSchema;

use super::answer::MemberAnswer;
use super::memberships;
use crate::kit::clock::{Clock, iso};
use crate::kit::id::id_from;
use crate::kit::seal::{self, Sealer};
use crate::launch::WithServices;
use crate::services::call::Call;
use crate::services::platform_client::{PlatformClient, links};
use crate::services::platform_problem::PlatformProblem;
use crate::web::json::json_body;
use crate::web::problem::Problem;

/// Pages that are turned at most.
const MOST_PAGES: usize = 1000;
/// Members of a course at most.
const MOST_MEMBERS: usize = 200_000;

/// The rosters that applications have taken. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Rosters {
    pub db: Db,
    pub rows: Sealer,
    pub clock: Clock,
}

/// What is kept of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    /// Of everything that was said of them.
    #[serde(rename = "h")]
    hash: String,
    #[serde(rename = "l", default, skip_serializing_if = "std::ops::Not::not")]
    is_learner: bool,
    /// When they had left, in milliseconds since 1970.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    removed_at: Option<i64>,
}

/// By their ids.
type Roster = BTreeMap<String, Kept>;

/// How to take a roster.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RosterSync {
    /// Takes a roster even if it is empty, or of teachers only, after a fuller one.
    confirm: Option<bool>,
}

/// What has changed since the roster was last taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterChanges {
    /// Whether the roster was taken. If not, nothing of it was kept, and the last one counts.
    applied: bool,
    /// Why it was not taken: `EMPTY` or `TEACHERS_ONLY`, after a fuller one. Send `confirm` if it is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspicious: Option<&'static str>,
    /// Members of the course now.
    members: usize,
    /// Who is new, or back.
    added: Vec<MemberAnswer>,
    /// Who is described in another way than before.
    changed: Vec<MemberAnswer>,
    /// Who has left.
    removed: Vec<RemovedMember>,
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

/// How taking the roster of a course goes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterState {
    /// Members when it was last taken.
    members: usize,
    #[schema(format = DateTime)]
    last_attempt_at: String,
    /// Absent if it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_success_at: Option<String>,
    attempts: i64,
    /// Failed attempts since the last success.
    failures: i64,
    /// Why the last attempt failed; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Everybody who has left.
    removed: Vec<RemovedMember>,
}

/// A roster with its row.
struct Known {
    row: RosterRow,
    roster: Roster,
}

/// Takes the whole roster, and tells what has changed.
///
/// All pages are read; if one of them fails, the last roster counts. The first time everybody is `added`.
#[utoipa::path(
    post, path = "/api/memberships/sync", tag = "Application: services", operation_id = "syncMemberships",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    request_body(content = Option<RosterSync>, content_type = "application/json"),
    responses(
        (status = 200, description = "What has changed.", body = RosterChanges),
        (status = 409, description = "`ROSTER_TAKEN_MEANWHILE`: another request took the roster at the same time; try again."),
        (status = 502, description = "`ROSTER_TOO_LARGE`: the platform's list has no end, or more than 200,000 members."),
    ),
)]
pub(crate) async fn sync(
    State(client): State<PlatformClient>,
    State(room): State<Rosters>,
    services: WithServices,
    body: Bytes,
) -> Result<Json<RosterChanges>, Problem> {
    let asked: RosterSync = match body.is_empty() {
        true => RosterSync::default(),
        false => json_body(&body)?,
    };
    let url = Url::parse(memberships(&services)?).map_err(Problem::internal)?;
    let known = room.known(&services).await?;
    let members = match whole(&client, &services, url).await {
        Ok(members) => members,
        Err(problem) => {
            room.failed(&known.row.id, problem.code).await?;
            return Err(problem);
        }
    };
    let now = room.clock.now_ms();
    let (roster, changes) = changes(known.roster.clone(), members, now)?;
    if asked.confirm != Some(true)
        && let Some(why) = suspicious(&known.roster, &roster)
    {
        room.failed(&known.row.id, why).await?;
        return Ok(Json(RosterChanges {
            applied: false,
            suspicious: Some(why),
            members: present(&known.roster).count(),
            added: Vec::new(),
            changed: Vec::new(),
            removed: Vec::new(),
        }));
    }
    if room.apply(&known.row, &roster, now).await? {
        return Ok(Json(changes));
    }
    Err(Problem::new(
        StatusCode::CONFLICT,
        "ROSTER_TAKEN_MEANWHILE",
        "Another request took this roster at the same time, and has answered what changed. Try again.",
    ))
}

/// Tells how taking the roster goes.
#[utoipa::path(
    get, path = "/api/memberships/sync", tag = "Application: services", operation_id = "readMembershipsSync",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    responses(
        (status = 200, description = "How it goes.", body = RosterState),
        (status = 404, description = "`ROSTER_NEVER_TAKEN`: nobody has taken the roster of this course yet."),
    ),
)]
pub(crate) async fn state(
    State(room): State<Rosters>,
    services: WithServices,
) -> Result<Json<RosterState>, Problem> {
    memberships(&services)?;
    let known = room.find(id(&services)).await?;
    let Known { row, roster } = known.ok_or_else(|| {
        Problem::not_found(
            "ROSTER_NEVER_TAKEN",
            "Nobody has taken the roster of this course yet: POST /api/memberships/sync does.",
        )
    })?;
    Ok(Json(RosterState {
        members: present(&roster).count(),
        last_attempt_at: iso(row.attempted_at),
        last_success_at: row.succeeded_at.map(iso),
        attempts: row.attempts,
        failures: row.failures,
        error: row.error,
        removed: roster
            .into_iter()
            .filter_map(|(user_id, kept)| Some(gone(user_id, kept.removed_at?)))
            .collect(),
    }))
}

/// A course of a deployment: two contexts of one course stay apart (SV-12).
fn id(services: &WithServices) -> String {
    let place = &services.place;
    id_from(&seal::hash(&[
        "roster",
        &place.platform_id,
        &place.deployment_id,
        place.context_id.as_deref().unwrap_or_default(),
    ]))
}

/// What a roster is sealed together with.
pub(crate) fn identity(id: &str) -> String {
    format!("rosters/{id}")
}

impl Rosters {
    async fn find(&self, id: String) -> Result<Option<Known>, Problem> {
        let row = rosters::by_id(&mut self.db.read().await?.tx(), id).await?;
        let open = |row: RosterRow| {
            let plain = self.rows.open(&identity(&row.id), &row.roster_sealed);
            let roster = serde_json::from_slice(&plain.map_err(Problem::internal)?);
            let roster = roster.map_err(Problem::internal)?;
            Ok(Known { row, roster })
        };
        row.map(open).transpose()
    }

    fn sealed(&self, id: &str, roster: &Roster) -> Result<Vec<u8>, Problem> {
        let plain = serde_json::to_vec(roster).map_err(Problem::internal)?;
        Ok(self.rows.seal(&identity(id), &plain))
    }

    /// The course's roster; an empty one the first time.
    async fn known(&self, services: &WithServices) -> Result<Known, Problem> {
        let id = id(services);
        if let Some(known) = self.find(id.clone()).await? {
            return Ok(known);
        }
        let sealed = self.sealed(&id, &Roster::new())?;
        let (first, now) = (id.clone(), self.clock.now_ms());
        let (tool, platform) = (services.tool.id.clone(), services.platform.id.clone());
        let save = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(
                async move { rosters::first(&mut tx, first, tool, platform, sealed, now).await },
            )
        });
        save.await?;
        let known = self.find(id).await?;
        known.ok_or_else(|| Problem::internal("a roster that was just stored is gone"))
    }

    async fn apply(&self, row: &RosterRow, roster: &Roster, now: i64) -> Result<bool, Problem> {
        let (id, version) = (row.id.clone(), row.version);
        let sealed = self.sealed(&id, roster)?;
        let apply = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::apply(&mut tx, id, version, sealed, now).await })
        });
        Ok(apply.await?)
    }

    async fn failed(&self, id: &str, why: &'static str) -> Result<(), Problem> {
        let (id, now) = (id.to_owned(), self.clock.now_ms());
        let fail = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::fail(&mut tx, id, now, why.to_owned()).await })
        });
        fail.await?;
        Ok(())
    }
}

/// Every member on every page.
async fn whole(
    client: &PlatformClient,
    services: &WithServices,
    first: Url,
) -> Result<Vec<MemberAnswer>, Problem> {
    let (mut members, mut seen, mut url) = (Vec::new(), HashSet::new(), first);
    while seen.len() < MOST_PAGES && members.len() <= MOST_MEMBERS && seen.insert(url.clone()) {
        let call = Call::get(&url, MEMBERSHIP_READONLY, CONTAINER);
        let problem = PlatformProblem::of(&call);
        let mut answer = client.open(&services.platform, &call).await?;
        let next = links(&url, &answer.headers).next;
        let (mut reader, mut beginning) = (Reader::default(), Bytes::new());
        while let Some(piece) = answer
            .piece()
            .await
            .map_err(|error| problem.not_reached(&error))?
        {
            if beginning.is_empty() {
                beginning = piece.clone();
            }
            let fed = reader.feed(&piece, |member| members.push(MemberAnswer::from(member)));
            fed.map_err(|_| problem.unreadable(&beginning))?;
        }
        let read = reader.finish();
        read.map_err(|_| problem.unreadable(&beginning))?;
        match next {
            Some(next) => url = next,
            None => return Ok(members),
        }
    }
    Err(Problem::new(
        StatusCode::BAD_GATEWAY,
        "ROSTER_TOO_LARGE",
        "The platform's list of members has no end, or more than 200,000 members.",
    ))
}

/// The roster that these members make of the one before, and what has changed.
fn changes(
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

fn gone(user_id: String, removed_at: i64) -> RemovedMember {
    RemovedMember {
        user_id,
        status: MemberStatus::Deleted.name(),
        removed_at: iso(removed_at),
    }
}

fn present(roster: &Roster) -> impl Iterator<Item = &Kept> {
    roster.values().filter(|kept| kept.removed_at.is_none())
}

/// Why a roster looks like a failure of the platform's, after a fuller one.
fn suspicious(before: &Roster, now: &Roster) -> Option<&'static str> {
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
