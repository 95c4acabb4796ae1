//! `GET` and `PATCH /admin/tool`: the tool's settings.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde_json::{Map, Value};

use crate::directory::api_keys::scope::{ForManagement, Scope};
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
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

/// The settings that a change replaced, for its audit entry: those in memory may be older.
#[derive(Clone, Debug)]
pub(crate) struct SettingsBefore(pub(crate) Arc<ToolSettings>);

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
        (status = 400, description = "`INVALID_SETTINGS`: nothing was changed; the description names the member."),
    ),
)]
pub(crate) async fn change(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<(Extension<SettingsBefore>, Json<ToolSettings>), Problem> {
    let patch = json_object(&body)?;
    let (before, after) = change_settings(&room, &tool.id, patch).await?;
    Ok((Extension(before), Json(after)))
}

/// Merges a patch into a tool's settings. Returns them before and after.
///
/// # Errors
/// 400 naming the member that can't be changed so; or the store failed.
pub(crate) async fn change_settings(
    room: &Directory,
    tool_id: &str,
    patch: Map<String, Value>,
) -> Result<(SettingsBefore, ToolSettings), Problem> {
    let (tool_id, now) = (tool_id.to_owned(), room.clock.now_ms());
    let public_url = room.public_url.clone();
    // Read and written under one lock, so that concurrent patches don't undo each other.
    let changed = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            tools::lock(&mut tx, tool_id.clone()).await?;
            let mut rows = tools::all(&mut tx).await?.into_iter();
            let row = rows.find(|row| row.id == tool_id);
            let current =
                Tool::try_from(row.ok_or_else(|| Problem::internal("the tool is gone"))?)?;
            let settings = patched(&current.settings, patch)?;
            refuse_blocked(&current.settings, &settings, &public_url)?;
            let before = SettingsBefore(Arc::new(current.settings));
            let tool = Tool {
                settings,
                ..current
            };
            tools::update(&mut tx, tool.to_row()?, now).await?;
            Ok((before, tool.settings))
        })
    });
    let changed = changed.await?;
    room.tools.changed().await;
    Ok(changed)
}

/// Only refuses pages that are newly blocked. One that is stored already doesn't prevent other
/// changes; each start warns of it.
///
/// # Errors
/// 400 that names the first new page.
pub(crate) fn refuse_blocked(
    before: &ToolSettings,
    after: &ToolSettings,
    public_url: &PublicUrl,
) -> Result<(), Problem> {
    let Some(page) = new_blocked_page(before, after, public_url) else {
        return Ok(());
    };
    let wrong = WrongMember::new(page.member.clone(), page.problem);
    Err(nothing_changed(&page.to_string(), vec![wrong]))
}

/// Most problems that are reported together.
const MOST_PROBLEMS: usize = 20;

/// The settings with a patch, or everything that is wrong with it: each wrong member is set aside, and the rest tried
/// again.
fn patched(
    settings: &ToolSettings,
    mut patch: Map<String, Value>,
) -> Result<ToolSettings, Problem> {
    let mut wrong: Vec<SettingsProblem> = Vec::new();
    while wrong.len() < MOST_PROBLEMS {
        let problem = match settings.patched(&patch) {
            Ok(after) if wrong.is_empty() => return Ok(after),
            Ok(_) => break,
            Err(problem) => problem,
        };
        let is_aside = set_aside(&mut patch, &problem.member);
        wrong.push(problem);
        if !is_aside {
            break;
        }
    }
    let says: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    let members = wrong.into_iter();
    let members = members.map(|problem| WrongMember::new(problem.member, problem.must));
    Err(nothing_changed(&says.join("; "), members.collect()))
}

/// Removes what a path such as `launch.leewaySeconds` or `frameOrigins[2]` leads to, or the part of the patch that
/// contains it. Returns false if there is none.
fn set_aside(patch: &mut Map<String, Value>, path: &str) -> bool {
    let path = path.split('[').next().unwrap_or_default();
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    if !rest.is_empty()
        && let Some(Value::Object(inner)) = patch.get_mut(name)
        && set_aside(inner, rest)
    {
        return true;
    }
    patch.shift_remove(name).is_some()
}

/// 400: the settings are invalid.
pub(crate) fn invalid_settings(problem: SettingsProblem) -> Problem {
    let says = problem.to_string();
    nothing_changed(&says, vec![WrongMember::new(problem.member, problem.must)])
}

fn nothing_changed(says: &str, wrong: Vec<WrongMember>) -> Problem {
    let description = format!("Nothing was changed: {says}");
    INVALID_SETTINGS.saying(description).naming(wrong)
}

/// The first newly added address that browsers wouldn't open.
pub(crate) fn new_blocked_page<'s>(
    before: &ToolSettings,
    after: &'s ToolSettings,
    public_url: &PublicUrl,
) -> Option<BlockedPage<'s>> {
    let known = before.blocked_pages(public_url);
    let mut pages = after.blocked_pages(public_url).into_iter();
    pages.find(|page| !known.contains(page))
}
