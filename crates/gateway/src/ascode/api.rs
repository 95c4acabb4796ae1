//! `GET /admin/export` and `POST /admin/apply`: a tool's configuration as one document
//! (docs/as-code.md).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use serde_json::Value;
use url::form_urlencoded;

use super::document::InstallationCode;
use super::error::CodeError;
use super::export::export;
use super::plan::{ApplyOptions, Plan, PlannedChange};
use super::room::AsCode;
use super::turns::{ApplyCaller, ApplyTurns};
use crate::audit::{Actor, Audit, AuditAction, AuditEntry, unconfirmed};
use crate::directory::api_keys::scope::ForSecrets;
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::tools::Tool;
use crate::kit::on_its_own::on_its_own;
use crate::studyreel::StudyReel;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use crate::webhooks::Webhooks;

/// Reads the tool's configuration as one document.
///
/// Settings, platforms with their deployments, learning paths and webhooks, without secrets: what
/// `POST /admin/apply` takes.
#[utoipa::path(
    get, path = "/admin/export", tag = "Operator: tool", operation_id = "exportConfiguration",
    security(("apiKey" = ["manage"])),
    responses((status = 200, description = "The configuration, always in the same order.", body = InstallationCode)),
)]
pub(crate) async fn read(
    State(room): State<AsCode>,
    // The document contains the full addresses of webhooks, or it could not be applied.
    WithApiKey { tool, .. }: WithApiKey<ForSecrets>,
) -> Result<Json<InstallationCode>, Problem> {
    // Read from the store: another replica may just have changed it.
    let now = stored(&room, &tool).await?;
    let mut reader = room.db.read().await?;
    Ok(Json(export(&mut reader.tx(), &[now], None).await?))
}

/// Makes the tool's configuration match a document.
///
/// Either everything is changed or nothing. Entries that the document's lists don't name stay,
/// unless `prune` is set; members that are left out of the tool stay as they are. Applying the same
/// document again changes nothing.
#[utoipa::path(
    post, path = "/admin/apply", tag = "Operator: tool", operation_id = "applyConfiguration",
    security(("apiKey" = ["manage"])),
    params(
        ("dryRun" = Option<bool>, Query, description = "Only say what would change."),
        ("prune" = Option<bool>, Query, description = "Also remove platforms, deployments, learning paths and webhooks that the document's lists don't name."),
    ),
    request_body = InstallationCode,
    responses(
        (status = 200, description = "What was changed, or would be.", body = Plan),
        (status = 400, description = "`INVALID_CONFIGURATION`: nothing was changed; `details.errors` says what is wrong with which member."),
        (status = 409, description = "`CHANGED_MEANWHILE`: something else is changing the tool; nothing was changed."),
    ),
)]
pub(crate) async fn apply(
    State(room): State<AsCode>,
    State(caches): State<ConfiguredRooms>,
    // Before the body, which is not read until there is room for it.
    by: ApplyCaller,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Json<Plan>, Problem> {
    let code: InstallationCode = json_body(&body)?;
    let query = query.unwrap_or_default();
    let is_set = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).any(|(key, value)| key == name && value == "true")
    };
    let how = ApplyOptions {
        dry_run: is_set("dryRun"),
        prune: is_set("prune"),
    };
    let code = of_one_tool(code, &room, &by.tool).await?;
    // In a separate task: it continues if the client leaves, and many changes may need the store
    // longer than a request may.
    let applying = on_its_own(async move {
        let change = by.change.clone();
        let applied = apply_whole(&room, &caches, by, code, how).await;
        match change {
            Some(change) => change.end_after(applied).await,
            None => applied,
        }
    });
    applying.await.map(Json)
}

async fn apply_whole(
    room: &AsCode,
    caches: &ConfiguredRooms,
    by: ApplyCaller,
    code: InstallationCode,
    how: ApplyOptions,
) -> Result<Plan, Problem> {
    let ApplyCaller {
        tool,
        actor,
        slot,
        change,
    } = by;
    let tool_id = tool.id.as_str();
    let applied = match how.dry_run {
        true => room.change(code, how).await?,
        false => {
            let changing = async {
                if let Some(change) = change {
                    change.begin(tool_id, &actor).await?;
                }
                room.change(code, how).await
            };
            caches.turns.one_by_one(changing).await??
        }
    };
    // The document is no longer in memory.
    drop(slot);
    let mut noted = Ok(());
    if applied.plan.applied {
        caches.changed(tool_id).await;
        // Before removing platforms, which may take long and is cut short by a stop.
        noted = caches.note(room, actor, &tool, &applied.plan).await;
    }
    let removed: Vec<String> = applied.stopped.iter().map(|one| one.id.clone()).collect();
    let plan = room.remove_stopped(applied).await;
    if !removed.is_empty() {
        caches.removed(&removed);
    }
    if plan.applied {
        let changes = plan.changes.len();
        tracing::info!(tool_id, changes, "configuration applied");
    }
    noted.map(|()| plan)
}

/// The rooms that cache what a configuration changes.
#[derive(Clone)]
pub(crate) struct ConfiguredRooms {
    pub(crate) directory: Directory,
    pub(crate) studyreel: StudyReel,
    pub(crate) webhooks: Webhooks,
    pub(crate) audit: Audit,
    pub(crate) turns: ApplyTurns,
}

impl ConfiguredRooms {
    async fn changed(&self, tool_id: &str) {
        self.directory.tools.changed().await;
        self.directory.platforms.changed();
        self.studyreel.paths_changed(tool_id);
        self.webhooks.jobs.wake();
    }

    /// Records the changes in the audit.
    ///
    /// # Errors
    /// The store failed, so the change must not be confirmed.
    async fn note(
        &self,
        room: &AsCode,
        actor: Actor,
        tool: &Tool,
        plan: &Plan,
    ) -> Result<(), Problem> {
        let changes: Vec<Value> = plan.changes.iter().map(PlannedChange::brief).collect();
        let action = AuditAction::ConfigurationApplied;
        let entry = AuditEntry::new(&tool.id, actor, action, &*tool.id);
        let entry = entry.named(&*tool.settings.name).after(changes);
        let written = self.audit.write(&room.db, entry).await;
        written.map_err(|error| {
            tracing::error!(%error, "the configuration that was applied is not in the audit log");
            unconfirmed(error)
        })
    }

    fn removed(&self, platforms: &[String]) {
        self.directory.platforms.changed();
        for id in platforms {
            self.directory.platform_keys.forget(id);
        }
    }
}

/// A key belongs to one tool, so the document may not name another.
async fn of_one_tool(
    mut code: InstallationCode,
    room: &AsCode,
    tool: &Tool,
) -> Result<InstallationCode, Problem> {
    let now = stored(room, tool).await?;
    let [only] = code.tools.as_mut_slice() else {
        let problem = "must hold one tool, that of the API key; hallpass apply takes several";
        return Err(CodeError::mistake("tools", problem).into());
    };
    let host = only
        .host
        .as_deref()
        .map(|host| host.trim().to_ascii_lowercase());
    if host.is_some() && host != now.host {
        let problem = "is not the host name of the API key's tool; leave it out";
        return Err(CodeError::mistake("tools[0].host", problem).into());
    }
    only.host = now.host;
    Ok(code)
}

/// The tool as the store has it now.
async fn stored(room: &AsCode, tool: &Tool) -> Result<Tool, Problem> {
    let rows = store::tools::all(&mut room.db.read().await?.tx()).await?;
    let row = rows.into_iter().find(|row| row.id == tool.id);
    let row = row.ok_or_else(|| Problem::internal("the tool is gone"))?;
    Ok(Tool::try_from(row)?)
}
