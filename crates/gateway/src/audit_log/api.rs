//! `GET /admin/audit`, `GET /admin/audit/export` and `GET /admin/audit/check` (docs/portal.md).

use std::io;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::answer::{AuditChain, AuditEntryAnswer, AuditExport, AuditList};
use super::pages::{AuditFileShape, AuditPages};
use super::query::{AuditQuery, filter_of};
use super::room::AuditLog;
use crate::audit::{AuditLine, AuditPart};
use crate::directory::api_keys::scope::{ForManagement, ForUsers, Need};
use crate::directory::auth::WithApiKey;
use crate::kit::media_type::JSON;
use crate::web::paging::{PageParameters, SpanParameters, cut};
use crate::web::problem::Problem;

/// [`AuditExport`], written in pieces.
const DOCUMENT: AuditFileShape = AuditFileShape {
    head: r#"{"entries":["#,
    entry: write_json,
    between: ",",
    tail: "]}",
};

fn write_json(line: AuditLine, out: &mut Vec<u8>) -> io::Result<()> {
    serde_json::to_writer(out, &AuditEntryAnswer::from(line)).map_err(io::Error::other)
}

/// Lists who changed what.
///
/// Changes made in the portal, through the API and by commands, newest first. Parameters narrow the
/// list; `cursor` turns the page. A page searches 10,000 entries, so with parameters it may be
/// short or even empty although `nextCursor` says that there is another. Entries name users and API
/// keys, but no students. For a key with the scope `read`, which may not see users of the portal,
/// entries about them (`user.…`) have no `subject`, `subjectName`, `before` and `after`, and are
/// not found by `subject`.
#[utoipa::path(
    get, path = "/admin/audit", tag = "Operator: tool", operation_id = "listAuditEntries",
    security(("apiKey" = ["manage", "read"])),
    params(
        PageParameters,
        ("actor" = Option<String>, Query, description = "Who: kind and id, such as `api_key:0VBkT3hWq8nK5mJx2Lc7`, or a kind alone."),
        ("action" = Option<String>, Query, description = "What: an action such as `platform.activated`, or what it begins with, `platform`."),
        ("subject" = Option<String>, Query, description = "Id of what was changed, such as a platform's."),
        SpanParameters,
    ),
    responses(
        (status = 200, description = "A page of entries.", body = AuditList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn list(
    State(room): State<AuditLog>,
    WithApiKey { tool, scope, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Json<AuditList>, Problem> {
    let asked = AuditQuery::parse(&query.unwrap_or_default())?;
    let AuditLog { db, audit } = &room;
    let (filter, most) = (&asked.filter, asked.limit + 1);
    let sees_users = scope.suffices(ForUsers::READ);
    let found = audit.page_seen_by(db, &tool.id, filter, asked.before, most, sees_users);
    let AuditPart { mut lines, rest } = found.await?;
    let next_cursor = cut(&mut lines, asked.limit, |last| last.number.to_string());
    Ok(Json(AuditList {
        entries: lines.into_iter().map(AuditEntryAnswer::from).collect(),
        next_cursor: next_cursor.or_else(|| rest.map(|rest| rest.to_string())),
    }))
}

/// Exports who changed what.
///
/// All entries that match the parameters as one document, newest first. It is streamed from the
/// store: if reading fails, the answer breaks off. Keys with the scope `read` get entries about
/// users as in the list.
#[utoipa::path(
    get, path = "/admin/audit/export", tag = "Operator: tool", operation_id = "exportAuditLog",
    security(("apiKey" = ["manage", "read"])),
    params(
        ("actor" = Option<String>, Query, description = "As for the list."),
        ("action" = Option<String>, Query, description = "As for the list."),
        ("subject" = Option<String>, Query, description = "As for the list."),
        SpanParameters,
    ),
    responses(
        (status = 200, description = "The entries.", body = AuditExport),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn export(
    State(room): State<AuditLog>,
    WithApiKey { tool, scope, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let filter = filter_of(&query.unwrap_or_default())?;
    let pages = AuditPages::begin(room, &tool.id, filter, scope.suffices(ForUsers::READ)).await?;
    let headers = [
        (CONTENT_TYPE, JSON),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.json\""),
    ];
    Ok((headers, pages.body(DOCUMENT)).into_response())
}

/// Checks that no entry was changed.
///
/// Goes through all entries of the tool. Each is chained to the one before by a hash that only this
/// installation can compute, so that with the database alone no one can change, insert or remove an
/// entry unnoticed.
#[utoipa::path(
    get, path = "/admin/audit/check", tag = "Operator: tool", operation_id = "checkAuditLog",
    security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "Whether the entries are as they were written.", body = AuditChain)),
)]
pub(crate) async fn check(
    State(room): State<AuditLog>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
) -> Result<Json<AuditChain>, Problem> {
    let state = room.audit.verify(&room.db, &tool.id).await?;
    Ok(Json(state.into()))
}
