//! `GET` and `PATCH /admin/tool`: the tool's settings.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::api_keys::scope::{ForManagement, Scope};
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::settings_diff::SettingsDiff;
use crate::directory::tools::Tool;
use crate::settings::addresses;
use crate::settings::blocked_page::BlockedPage;
use crate::settings::problem::SettingsProblem;
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_object;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;
use store::tools;

const INVALID_SETTINGS: ApiRule = ApiRule::new(
    "INVALID_SETTINGS",
    StatusCode::BAD_REQUEST,
    "Nothing was changed: these settings can't be stored.",
);

/// Reads the settings of the tool.
///
/// A key of the scope `read` sees only the host of the provisioning hook's address, because many
/// addresses contain a secret.
#[utoipa::path(
    get, path = "/admin/tool",
    tag = "Operator: tool", operation_id = "readTool", security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "All settings.", body = ToolSettings)),
)]
pub(crate) async fn read(
    WithApiKey { tool, scope, .. }: WithApiKey<ForManagement>,
) -> Result<Json<Value>, Problem> {
    let mut settings = serde_json::to_value(&tool.settings).map_err(Problem::internal)?;
    if scope == Scope::Read {
        addresses::hide(&mut settings);
    }
    Ok(Json(settings))
}

/// Changes settings of the tool.
///
/// Objects are merged member by member; lists are replaced. A `null` resets a member to its
/// default.
#[utoipa::path(
    patch, path = "/admin/tool",
    tag = "Operator: tool", operation_id = "changeTool", security(("apiKey" = ["manage"])),
    request_body = ToolSettings,
    responses(
        (status = 200, description = "All settings as they are now.", body = ToolSettings),
        (status = 400, description = "`INVALID_SETTINGS`: nothing was changed; the description names each member that is wrong."),
    ),
)]
pub(crate) async fn change(
    State(room): State<Directory>,
    WithApiKey { tool, key, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<Json<ToolSettings>, Problem> {
    let patch = json_object(&body)?;
    // The portal changes settings without this handler, and has no key.
    let key = key.ok_or_else(|| Problem::internal("no API key changes the settings"))?;
    let actor = Actor::new(ActorKind::ApiKey, &*key.id, &*key.name);
    let entry = AuditEntry::new(&tool.id, actor, AuditAction::SettingsChanged, &*tool.id);
    let entry_of = move |before: &ToolSettings, after: &ToolSettings| {
        let diff = SettingsDiff::of(before, after)?;
        let entry = entry.named(&*after.name);
        Some(entry.before(diff.before).after(diff.after))
    };
    let changed = change_settings(&room, &tool.id, patch, entry_of).await?;
    Ok(Json(changed))
}

/// Merges a patch into a tool's settings, and records that in the same transaction: nothing is
/// changed without its entry. `entry_of` gets the settings before and after; `None` if there is
/// nothing to record. Returns the new ones.
///
/// # Errors
/// 400 naming the members that can't be changed so; or the store failed.
pub(crate) async fn change_settings(
    room: &Directory,
    tool_id: &str,
    patch: Map<String, Value>,
    entry_of: impl FnOnce(&ToolSettings, &ToolSettings) -> Option<AuditEntry> + Send + 'static,
) -> Result<ToolSettings, Problem> {
    let (tool_id, now) = (tool_id.to_owned(), room.clock.now_ms());
    let (public_url, audit) = (room.public_url.clone(), room.audit.clone());
    // Read and written under one lock, so that concurrent patches don't undo each other.
    let changed = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            tools::lock(&mut tx, tool_id.clone()).await?;
            let mut rows = tools::all(&mut tx).await?.into_iter();
            let row = rows.find(|row| row.id == tool_id);
            let current =
                Tool::try_from(row.ok_or_else(|| Problem::internal("the tool is gone"))?)?;
            let patched = current.settings.merged(&patch);
            let settings = checked(&current.settings, patched, &public_url)?;
            let entry = entry_of(&current.settings, &settings);
            let tool = Tool {
                settings,
                ..current
            };
            tools::update(&mut tx, tool.to_row()?, now).await?;
            let mark = match entry {
                Some(entry) => Some(audit.append(&mut tx, entry).await?),
                None => None,
            };
            Ok((tool.settings, mark))
        })
    });
    let (changed, mark) = changed.await?;
    if let Some(mark) = mark {
        mark.log();
    }
    room.tools.changed().await;
    Ok(changed)
}

/// New settings, if nothing is wrong with them. Of the pages that browsers block, only new ones are
/// refused: one that is stored already doesn't prevent other changes; each start warns of it.
///
/// # Errors
/// 400 that names everything that is wrong.
pub(crate) fn checked(
    before: &ToolSettings,
    (after, problems): (ToolSettings, Vec<SettingsProblem>),
    public_url: &PublicUrl,
) -> Result<ToolSettings, Problem> {
    let mut blocked = new_blocked_pages(before, &after, public_url);
    blocked.retain(|page| problems.iter().all(|one| one.member != page.member));
    let blocked: Vec<_> = blocked
        .into_iter()
        .map(|page| {
            (
                page.to_string(),
                WrongMember::new(page.member, page.problem),
            )
        })
        .collect();
    let wrong: Vec<_> = problems.into_iter().map(said).chain(blocked).collect();
    if wrong.is_empty() {
        return Ok(after);
    }
    Err(nothing_changed(wrong))
}

/// 400: this setting is invalid.
pub(crate) fn invalid_setting(problem: SettingsProblem) -> Problem {
    nothing_changed(vec![said(problem)])
}

/// A problem in words, and as a member.
fn said(problem: SettingsProblem) -> (String, WrongMember) {
    let says = problem.to_string();
    (says, WrongMember::new(problem.member, problem.must))
}

fn nothing_changed(wrong: Vec<(String, WrongMember)>) -> Problem {
    let (says, wrong): (Vec<String>, Vec<WrongMember>) = wrong.into_iter().unzip();
    let description = format!("Nothing was changed: {}", says.join("; "));
    INVALID_SETTINGS.saying(description).naming(wrong)
}

/// The newly added addresses that browsers wouldn't open.
pub(crate) fn new_blocked_pages<'s>(
    before: &ToolSettings,
    after: &'s ToolSettings,
    public_url: &PublicUrl,
) -> Vec<BlockedPage<'s>> {
    let known = before.blocked_pages(public_url);
    let mut pages = after.blocked_pages(public_url);
    pages.retain(|page| !known.contains(page));
    pages
}
