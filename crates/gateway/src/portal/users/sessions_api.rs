//! `/admin/portal/users/{id}/sessions`: where a user is signed in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use store::portal_sessions::{self, ListedSession};
use utoipa::ToSchema;

use super::api::NO_USER;
use super::changes::UserChange;
use crate::directory::api_keys::scope::ForUsers;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::iso;
use crate::portal::room::Portal;
use crate::web::problem::Problem;

/// A session of a user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalSession)]
pub(crate) struct PortalSessionAnswer {
    id: String,
    /// Browser and system, such as `Firefox, Linux`.
    browser: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// To the minute.
    #[schema(format = DateTime)]
    last_seen_at: String,
    /// When it ends unless it is used.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<ListedSession> for PortalSessionAnswer {
    fn from(row: ListedSession) -> Self {
        Self {
            id: row.id,
            browser: row.agent,
            created_at: iso(row.created_at),
            last_seen_at: iso(row.seen_at),
            expires_at: iso(row.expires_at),
        }
    }
}

/// The sessions of a user.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalSessionList {
    sessions: Vec<PortalSessionAnswer>,
}

/// Lists a user's sessions, oldest first.
#[utoipa::path(
    get, path = "/admin/portal/users/{id}/sessions", tag = "Operator: portal", operation_id = "listPortalSessions",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a user of the portal.")),
    responses(
        (status = 200, description = "Where they are signed in.", body = PortalSessionList),
        (status = 404, description = "`PORTAL_USER_NOT_FOUND`: the tool's portal has no user with this id."),
    ),
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
    Path(id): Path<String>,
) -> Result<Json<PortalSessionList>, Problem> {
    let found = portal.user_of(&tool.id, &id).await?;
    let (user, _) = found.ok_or_else(|| NO_USER.problem())?;
    let mut reader = portal.db.read().await?;
    let rows = portal_sessions::of_user(&mut reader.tx(), user.id).await?;
    drop(reader);
    let now = portal.clock.now_ms();
    let going_on = rows.into_iter().filter(|row| now < row.expires_at);
    Ok(Json(PortalSessionList {
        sessions: going_on.map(PortalSessionAnswer::from).collect(),
    }))
}

/// Ends all sessions of a user.
///
/// They have to sign in again. Only owners sign owners out, in the portal.
#[utoipa::path(
    delete, path = "/admin/portal/users/{id}/sessions", tag = "Operator: portal", operation_id = "endPortalSessions",
    security(("apiKey" = [])),
    params(("id" = String, Path, description = "Id of a user of the portal.")),
    responses(
        (status = 204, description = "They are signed out everywhere."),
        (status = 403, description = "`PORTAL_OWNERS_ONLY`: the user is an owner."),
        (status = 404, description = "`PORTAL_USER_NOT_FOUND`: the tool's portal has no user with this id."),
    ),
)]
pub(crate) async fn end_all(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    portal
        .changed_by_key(&tool.id, &id, UserChange::EndSessions)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of a user.
///
/// Only owners sign owners out, in the portal.
#[utoipa::path(
    delete, path = "/admin/portal/users/{id}/sessions/{session}", tag = "Operator: portal", operation_id = "endPortalSession",
    security(("apiKey" = [])),
    params(
        ("id" = String, Path, description = "Id of a user of the portal."),
        ("session" = String, Path, description = "Id of a session of theirs."),
    ),
    responses(
        (status = 204, description = "It has ended."),
        (status = 403, description = "`PORTAL_OWNERS_ONLY`: the user is an owner."),
        (status = 404, description = "`PORTAL_USER_NOT_FOUND`: the tool's portal has no user with this id.\n`PORTAL_SESSION_NOT_FOUND`: the user has no session with this id."),
    ),
)]
pub(crate) async fn end_one(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
    Path((id, session)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    portal
        .changed_by_key(&tool.id, &id, UserChange::EndSession(session))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
