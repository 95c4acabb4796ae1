//! `/api/memberships/sync`: the whole roster of a course, and who came, changed and left since the application last stored
//! it (services.md SV-9, SV-10).
//!
//! What is kept of a member is the id, a hash of the rest, whether they learn there, and when they came, changed or left. A
//! roster is replaced whole or not at all (lti.md F-46), and one that looks like a failure of the platform's only if the
//! application confirms it. An answer that is lost costs nothing: the application says what it has
//! (docs/decisions/0217-a-sync-says-what-it-has.md).

mod forget;
mod kept;
mod room;
mod version;

use std::collections::HashSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use lti::claims::scope::MEMBERSHIP_READONLY;
use lti::nrps::{CONTAINER, Filter, Reader};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::answer::MemberAnswer;
use super::memberships;
use crate::kit::clock::iso;
use crate::launch::WithServices;
use crate::services::call::Call;
use crate::services::platform_client::{PlatformClient, links};
use crate::services::platform_problem::PlatformProblem;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use kept::{
    RemovedMember, RosterChanges, changes, forget_long_gone, gone, present, suspicious, taken,
};
use room::{Known, id};
pub(crate) use room::{Rosters, identity};
use version::Version;

/// Members that are asked for on a page: platforms that send ten unless told would take too long for a large course.
const PAGE: u32 = 5_000;
/// Pages that are turned at most.
const MOST_PAGES: usize = 1000;
/// Members of a course at most.
const MOST_MEMBERS: usize = 200_000;
/// Bytes of all pages together.
const MOST_BYTES: usize = 128 * 1024 * 1024;

/// How to take a roster.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RosterSync {
    /// Takes a roster even if it is empty, or of teachers only, after a fuller one.
    confirm: Option<bool>,
    /// `version` of the last answer whose changes you stored: what has changed after it is told. Without it, or if it is
    /// too old, everything is.
    since: Option<String>,
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
    /// Why the last attempt failed; absent if it did not. `ROSTER_NOT_FINISHED` while one is under way, or after it was broken
    /// off.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Who has left, of the last 180 days.
    removed: Vec<RemovedMember>,
}

/// Takes the whole roster, and tells what has changed.
///
/// All pages are read; if one of them fails, the last roster counts. Without `since` everybody is `added`. If an answer is
/// lost, ask again with the same `since`.
#[utoipa::path(
    post, path = "/api/memberships/sync", tag = "Application: services", operation_id = "syncMemberships",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    request_body(content = Option<RosterSync>, content_type = "application/json"),
    responses(
        (status = 200, description = "What has changed.", body = RosterChanges),
        (status = 409, description = "`ROSTER_TAKEN_MEANWHILE`: another request took the roster at the same time; try again."),
        (status = 502, description = "`ROSTER_TOO_LARGE`: the platform's list has no end, or more than 200,000 members.\n`ROSTER_TOO_SLOW`: the platform took too long for all pages.\n`ROSTER_CUT_OFF`: a next page is named that can't be asked for."),
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
    room.begin(&known.row.id).await?;
    let all = tokio::time::timeout(room.patience, whole(&client, &services, url));
    let members = match all.await.unwrap_or_else(|_| Err(too_slow())) {
        Ok(members) => members,
        Err(problem) => {
            room.failed(&known.row.id, problem.code).await?;
            return Err(problem);
        }
    };
    let now = room.clock.now_ms();
    let version = Version::after(&known.row, now);
    let (mut roster, there) = taken(known.roster.clone(), members, version.at)?;
    if asked.confirm != Some(true)
        && let Some(why) = suspicious(&known.roster, &roster)
    {
        room.failed(&known.row.id, why).await?;
        return Ok(Json(RosterChanges {
            applied: false,
            suspicious: Some(why),
            version: None,
            complete: false,
            members: present(&known.roster).count(),
            added: Vec::new(),
            changed: Vec::new(),
            removed: Vec::new(),
        }));
    }
    let since = asked.since.as_deref();
    let since = since.and_then(|since| Version::read(since, &known.row, now));
    forget_long_gone(&mut roster, now);
    if !room
        .apply(&known.row, &roster, &services, version.at)
        .await?
    {
        let problem = taken_meanwhile();
        room.failed(&known.row.id, problem.code).await?;
        return Err(problem);
    }
    Ok(Json(RosterChanges {
        version: Some(version.to_string()),
        ..changes(&roster, there, since)
    }))
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

/// Every member on every page.
async fn whole(
    client: &PlatformClient,
    services: &WithServices,
    first: Url,
) -> Result<Vec<MemberAnswer>, Problem> {
    let large = Filter {
        limit: Some(PAGE),
        ..Filter::default()
    };
    let first = large.apply(&first);
    let (mut members, mut seen, mut url, mut bytes) = (Vec::new(), HashSet::new(), first, 0);
    while seen.len() < MOST_PAGES && members.len() <= MOST_MEMBERS && seen.insert(url.clone()) {
        let call = Call::get(&url, MEMBERSHIP_READONLY, CONTAINER);
        let problem = PlatformProblem::of(&call);
        let mut answer = client.open(&services.platform, &call).await?;
        let links = links(&url, &answer.headers);
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
            bytes += piece.len();
            if members.len() > MOST_MEMBERS || bytes > MOST_BYTES {
                return Err(too_large());
            }
        }
        let read = reader.finish();
        let read = read.map_err(|_| problem.unreadable(&beginning))?;
        if !read.has_members {
            return Err(problem.unreadable(&beginning));
        }
        match links.next {
            Some(next) => url = next,
            None if links.is_cut_off => return Err(cut_off()),
            None => return Ok(members),
        }
    }
    Err(too_large())
}

fn taken_meanwhile() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "ROSTER_TAKEN_MEANWHILE",
        "Another request took this roster at the same time. Try again.",
    )
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::BAD_GATEWAY,
        "ROSTER_TOO_LARGE",
        "The platform's list of members has no end, or more than 200,000 members.",
    )
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::BAD_GATEWAY,
        "ROSTER_TOO_SLOW",
        "The platform took too long for all pages of members. Nothing was changed. Try again when it is less busy.",
    )
}

/// Members on the pages that can't be asked for would count as gone.
fn cut_off() -> Problem {
    Problem::new(
        StatusCode::BAD_GATEWAY,
        "ROSTER_CUT_OFF",
        "The platform names a next page of members on another host, or one that is no address, so the list can't be read to its \
         end. Nothing was changed.",
    )
}
