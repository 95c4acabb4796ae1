//! `GET /admin/backup` (docs/backup.md).

use axum::extract::State;
use axum::response::Response;

use super::refusal::refusal;
use super::room::Backups;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::api_keys::scope::ForTools;
use crate::directory::auth::WithApiKey;
use crate::directory::tools_api::only_first;
use crate::web::problem::Problem;

/// Downloads a backup.
///
/// An archive (`tar`) with the database of the whole installation at one moment, and a manifest for
/// `hallpass restore`. It is checked before it is sent, and recorded in the audit log. It doesn't
/// contain the secret key. A database that takes more than a minute to copy needs `hallpass backup`
/// on the server.
#[utoipa::path(
    get, path = "/admin/backup", tag = "Operator: tools", operation_id = "downloadBackup",
    security(("apiKey" = [])),
    responses(
        (status = 200, description = "The archive.", body = String, content_type = "application/x-tar"),
        (status = 403, description = "`NOT_FIRST_TOOL`: the API key is not one of the first tool."),
        (status = 409, description = "`BACKUP_ELSEWHERE`: the database is PostgreSQL, which has commands of its own.\n\
                                      `BACKUP_UNDER_WAY`: another backup is being made or downloaded."),
        (status = 500, description = "`BACKUP_FAILED`: the server's log says why. The database's disk needs as much free space as the database takes."),
    ),
)]
pub(crate) async fn download(
    State(room): State<Backups>,
    WithApiKey { tool, key, .. }: WithApiKey<ForTools>,
) -> Result<Response, Problem> {
    only_first(&room.tools, &tool)?;
    let key = key.ok_or_else(|| Problem::internal("a backup without a key"))?;
    let actor = Actor::new(ActorKind::ApiKey, &*key.id, &*key.name);
    let entry = AuditEntry::new(&tool.id, actor, AuditAction::BackupMade, &*tool.id);
    let made = room.download(entry).await;
    made.map_err(|error| refusal(&error).0)
}
