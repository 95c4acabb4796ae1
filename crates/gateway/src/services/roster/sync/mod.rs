//! `/api/memberships/sync`: the whole roster of a course, and who joined, changed and left since
//! the application last stored it (services.md SV-9, SV-10).
//!
//! For each member we store the id, a hash of the rest, whether they are a learner, and when they
//! joined, changed or left. A roster is replaced as a whole or not at all (lti.md F-46); if it
//! looks like a failure of the platform, only after the application confirms it. A lost answer does
//! no harm, because the application says what it has
//! (docs/decisions/0217-a-sync-says-what-it-has.md).

mod forget;
mod kept;
mod read;
mod room;
mod slots;
mod sync_answer;
mod taking;
mod texts;
mod version;
mod words;
mod written;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::{TOO_SLOW, memberships};
use crate::kit::clock::iso;
use crate::launch::WithServices;
use crate::services::platform_client::PlatformClient;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body_or_default;
use crate::web::problem::Problem;
use kept::KnownRoster;
use read::whole_or_differences;
use room::id;
pub(crate) use room::{Rosters, identity};
pub(crate) use slots::SyncSlots;
use sync_answer::{RemovedMember, RosterAnswer, RosterChanges, gone};

const NEVER_TAKEN: ApiRule = ApiRule::new(
    "ROSTER_NEVER_TAKEN",
    StatusCode::NOT_FOUND,
    "The roster of this course has not been taken yet: POST /api/memberships/sync takes it.",
);
const TAKEN_MEANWHILE: ApiRule = ApiRule::new(
    "ROSTER_TAKEN_MEANWHILE",
    StatusCode::CONFLICT,
    "Another request took this roster at the same time. Try again.",
);

/// How to synchronise a roster.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RosterSync {
    /// Accepts a roster even if it is empty, or contains only teachers, after one with more
    /// members.
    confirm: Option<bool>,
    /// `version` from the last answer whose changes you stored: the answer contains the changes
    /// after it. If omitted or too old, the answer contains everything.
    since: Option<String>,
}

/// The state of a course's synchronisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterState {
    /// The number of members at the last synchronisation.
    members: usize,
    #[schema(format = DateTime)]
    last_attempt_at: String,
    /// Absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_success_at: Option<String>,
    attempts: i64,
    /// Failed attempts since the last success.
    failures: i64,
    /// Why the last attempt failed; absent if it succeeded. `ROSTER_NOT_FINISHED` while one is in
    /// progress, or after it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What that means, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'static str>,
    /// Who has left within the last 180 days.
    removed: Vec<RemovedMember>,
}

/// Synchronises the whole roster, and returns what has changed.
///
/// All pages are read; if one of them fails, the last roster remains in force. Without `since`,
/// everyone is in `added`. If an answer is lost, ask again with the same `since`.
#[utoipa::path(
    post, path = "/api/memberships/sync", tag = "Application: services", operation_id = "syncMemberships",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    request_body(content = Option<RosterSync>, content_type = "application/json"),
    responses(
        (status = 200, description = "What has changed.", body = RosterChanges),
        (status = 409, description = "`ROSTER_TAKEN_MEANWHILE`: another request took the roster at the same time; try again."),
        (status = 502, description = "`ROSTER_TOO_LARGE`: the platform's list has no end, or more than 200,000 members.\n`ROSTER_TOO_SLOW`: the platform took too long for all pages.\n`ROSTER_CUT_OFF`: a next page is named that can't be asked for."),
        (status = 503, description = "`TOO_MANY_SYNCS`: the tool takes four rosters already; try again."),
    ),
)]
pub(crate) async fn sync(
    State(client): State<PlatformClient>,
    State(room): State<Rosters>,
    services: WithServices,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: RosterSync = json_body_or_default(&body)?;
    let url = Url::parse(memberships(&services)?).map_err(Problem::internal)?;
    let _slot = room.syncs.take(&services.tool.id).await?;
    let known = room.known(&services).await?;
    let id = known.row.id.clone();
    room.begin(&id).await?;
    let confirms = asked.confirm == Some(true);
    let has = (asked.since.as_deref(), confirms);
    let reading = whole_or_differences(&room, &client, &services, (known, url), has);
    let read = tokio::time::timeout(room.patience, reading).await;
    let taken = match read.unwrap_or_else(|_| Err(TOO_SLOW.problem())) {
        Ok(taken) => taken,
        Err(problem) => {
            room.failed(&id, problem.code).await?;
            return Err(problem);
        }
    };
    let now = taken.snapshot.headcount();
    if !confirms && let Some(why) = now.suspicious_after(taken.before) {
        room.failed(&id, why).await?;
        let changes = RosterChanges::refused(taken.before.members, why);
        return RosterAnswer::without_members(changes).response();
    }
    let Some(told) = room.apply(taken, &services).await? else {
        room.failed(&id, TAKEN_MEANWHILE.code).await?;
        return Err(TAKEN_MEANWHILE.problem());
    };
    told.response()
}

/// Returns the state of the roster's synchronisation.
#[utoipa::path(
    get, path = "/api/memberships/sync", tag = "Application: services", operation_id = "readMembershipsSync",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    responses(
        (status = 200, description = "How it goes.", body = RosterState),
        (status = 404, description = "`ROSTER_NEVER_TAKEN`: the roster of this course has not been taken yet."),
    ),
)]
pub(crate) async fn state(
    State(room): State<Rosters>,
    services: WithServices,
) -> Result<Json<RosterState>, Problem> {
    memberships(&services)?;
    let known = room.find(id(&services)).await?;
    let KnownRoster { row, snapshot } = known.ok_or_else(|| NEVER_TAKEN.problem())?;
    Ok(Json(RosterState {
        members: snapshot.present().count(),
        last_attempt_at: iso(row.attempted_at),
        last_success_at: row.succeeded_at.map(iso),
        attempts: row.attempts,
        failures: row.failures,
        error_description: row.error.as_deref().map(words::in_words),
        error: row.error,
        removed: snapshot
            .roster
            .into_iter()
            .filter_map(|(user_id, kept)| Some(gone(user_id, kept.removed_at?)))
            .collect(),
    }))
}
