//! `/admin/tools`: several tools in one installation, created and removed with a key of the first
//! (docs/decisions/0340-a-key-of-the-first-tool-makes-tools.md).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{StoreError, Tx, api_keys, deliveries, removed_tools, tools};
use utoipa::ToSchema;

use crate::directory::api_keys::new::NewApiKey;
use crate::directory::api_keys::recheck::still_there;
use crate::directory::api_keys::scope::ForTools;
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::tool_api::checked;
use crate::directory::tools::{Tool, Tools};
use crate::directory::undelivered::{confirmed, nothing_else_is_lost};
use crate::events::Event;
use crate::kit::id::{is_id, new_id};
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use crate::web::api_rule::ApiRule;
use crate::web::json::{json_body, json_change};
use crate::web::problem::{Problem, unless_taken};
use crate::web::wrong_member::WrongMember;

const NO_TOOL: ApiRule = ApiRule::new(
    "TOOL_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no tool with this id. GET /admin/tools lists them.",
);
const NOT_FIRST_TOOL: ApiRule = ApiRule::new(
    "NOT_FIRST_TOOL",
    StatusCode::FORBIDDEN,
    "This API key is not one of the installation's first tool, and only those may do what concerns all tools.",
);
const FIRST_TOOL: ApiRule = ApiRule::new(
    "FIRST_TOOL",
    StatusCode::CONFLICT,
    "This is the first tool, which the installation can't be without.",
);
const INVALID_TOOL: ApiRule = ApiRule::new(
    "INVALID_TOOL",
    StatusCode::BAD_REQUEST,
    "The tool's host name can't be one.",
);
const TAKEN: ApiRule = ApiRule::new(
    "TOOL_HOST_TAKEN",
    StatusCode::CONFLICT,
    "Another tool is found by this host name. Take another one, or change that tool's first.",
);
const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_TOOLS",
    StatusCode::CONFLICT,
    "The installation has 100 tools, and may not have more. Remove some.",
);

/// How many tools an installation may have: every replica keeps all of them in memory.
pub(crate) const MOST_TOOLS: usize = 100;

/// A tool to create.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTool {
    /// The host name that identifies it, such as `quiz.example.com`. It shares the installation's
    /// scheme and port.
    host: String,
    /// Its settings; members that are left out get their default.
    #[schema(value_type = Option<ToolSettings>)]
    settings: Option<Value>,
}

/// The change of a tool.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ToolChange {
    /// Its new host name. Only the first tool may have none: `null` removes it.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    host: Option<String>,
}

/// A tool of the installation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedTool)]
pub(crate) struct ToolAnswer {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The host name that identifies it; absent if it is the first tool and needs none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
    /// The base of its addresses.
    pub(crate) url: String,
    /// Whether it is the first tool, which other host names lead to as well.
    pub(crate) first: bool,
    /// Its first API key, with the scope `all`; only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_key: Option<String>,
}

impl ToolAnswer {
    fn new(tool: &Tool, public_url: &PublicUrl, is_first: bool) -> Self {
        Self {
            id: tool.id.clone(),
            name: tool.settings.name.clone(),
            host: tool.host.clone(),
            url: tool.address(public_url).as_str().to_owned(),
            first: is_first,
            api_key: None,
        }
    }
}

/// The tools of the installation.
#[derive(Serialize, ToSchema)]
pub(crate) struct ToolList {
    pub(crate) tools: Vec<ToolAnswer>,
}

/// Lists the tools of the installation, the first one first.
#[utoipa::path(
    get, path = "/admin/tools", tag = "Operator: tools", operation_id = "listTools",
    security(("apiKey" = [])),
    responses(
        (status = 200, description = "The tools.", body = ToolList),
        (status = 403, description = "`NOT_FIRST_TOOL`: the API key is not one of the first tool."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForTools>,
) -> Result<Json<ToolList>, Problem> {
    only_first(&room.tools, &tool)?;
    let all = room.tools.all();
    let answers = all
        .iter()
        .map(|known| ToolAnswer::new(known, &room.public_url, known.id == tool.id));
    Ok(Json(ToolList {
        tools: answers.collect(),
    }))
}

/// Creates a tool.
///
/// The answer contains its first API key, which can't be read again. Every replica knows the tool
/// within five seconds.
#[utoipa::path(
    post, path = "/admin/tools", tag = "Operator: tools", operation_id = "createTool",
    security(("apiKey" = [])),
    request_body = NewTool,
    responses(
        (status = 201, description = "The tool, with its first API key.", body = ToolAnswer),
        (status = 400, description = "`INVALID_TOOL`: the host name can't be one; the description says why.\n\
            `INVALID_SETTINGS`: nothing was made; the description names each member that is wrong."),
        (status = 403, description = "`NOT_FIRST_TOOL`: the API key is not one of the first tool."),
        (status = 409, description = "`TOOL_HOST_TAKEN`: another tool is found by this host name.\n\
            `TOO_MANY_TOOLS`: the installation has 100 tools."),
    ),
)]
pub(crate) async fn create(
    State(room): State<Directory>,
    WithApiKey {
        tool, key: used, ..
    }: WithApiKey<ForTools>,
    body: Bytes,
) -> Result<(StatusCode, Json<ToolAnswer>), Problem> {
    only_first(&room.tools, &tool)?;
    let asked: NewTool = json_body(&body)?;
    let now = room.clock.now_ms();
    let made = Tool {
        id: new_id(now, &room.random),
        host: Some(host(&room.public_url, &asked.host)?),
        settings: settings(asked.settings, &room.public_url)?,
    };
    let hasher = room.api_keys.hasher();
    let (api_key, key) = NewApiKey::first().make(hasher, &made.id, now, &room.random);
    let (row, events, first) = (made.to_row()?, room.events.clone(), tool.id.clone());
    let insert = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            // Serialises it with revoking the used key.
            tools::lock(&mut tx, first).await?;
            still_there(&mut tx, used.as_deref()).await?;
            add(&mut tx, row, now).await?;
            let event = Event::ApiKeyCreated {
                api_key_id: key.id.clone(),
                scope: key.scope.clone(),
            };
            events.record(&mut tx, &key.tool_id, &event).await?;
            Ok(api_keys::insert(&mut tx, key).await?)
        })
    });
    insert.await?;
    room.tools.changed().await;
    room.api_keys.changed().await;
    room.events.committed();
    tracing::info!(tool_id = made.id, host = made.host, "tool made");
    let mut answer = ToolAnswer::new(&made, &room.public_url, false);
    answer.api_key = Some(api_key);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Gives a tool another host name.
///
/// Platforms keep the addresses that they were given: keep the old name pointing here until each
/// has been changed there.
#[utoipa::path(
    patch, path = "/admin/tools/{id}", tag = "Operator: tools", operation_id = "changeToolHost",
    security(("apiKey" = [])),
    params(("id" = String, Path, description = "Id of a tool.")),
    request_body = ToolChange,
    responses(
        (status = 200, description = "The tool as it is now.", body = ToolAnswer),
        (status = 400, description = "`INVALID_TOOL`: the host name can't be one; the description says why."),
        (status = 403, description = "`NOT_FIRST_TOOL`: the API key is not one of the first tool."),
        (status = 404, description = "`TOOL_NOT_FOUND`: there is no tool with this id."),
        (status = 409, description = "`TOOL_HOST_TAKEN`: another tool is found by this host name."),
    ),
)]
pub(crate) async fn change(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForTools>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<ToolAnswer>, Problem> {
    only_first(&room.tools, &tool)?;
    let ToolChange { host: asked } = json_change(&body)?;
    if !is_id(&id) {
        return Err(NO_TOOL.problem());
    }
    let is_first = id == tool.id;
    let new_host = match asked.as_deref() {
        None if is_first => None,
        None => return Err(invalid("must be set: only the first tool needs none")),
        // Requests for the installation's own name go to the first tool anyway.
        Some(own) if is_first && own.trim() == room.public_url.host() => Some(own.trim().into()),
        Some(other) => Some(host(&room.public_url, other)?),
    };
    let (tool_id, to, now) = (id.clone(), new_host, room.clock.now_ms());
    let changed = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let changed = tools::set_host(&mut tx, tool_id.clone(), to, now).await;
            if !changed.map_err(unless_taken(TAKEN))? {
                return Err(NO_TOOL.problem());
            }
            let mut rows = tools::all(&mut tx).await?.into_iter();
            let row = rows.find(|row| row.id == tool_id);
            let row = row.ok_or_else(|| NO_TOOL.problem())?;
            Ok(Tool::try_from(row)?)
        })
    });
    let tool = changed.await?;
    room.tools.changed().await;
    tracing::info!(tool_id = id, host = tool.host, "tool has another host");
    Ok(Json(ToolAnswer::new(&tool, &room.public_url, is_first)))
}

/// Removes a tool.
///
/// Its API keys are refused and its host name is free at once; its platforms and students go within
/// minutes. Scores that are not delivered yet are lost with it: if there are any, the answer says
/// how many, and that number has to be sent back. The first tool can't be removed.
#[utoipa::path(
    delete, path = "/admin/tools/{id}", tag = "Operator: tools", operation_id = "deleteTool",
    security(("apiKey" = [])),
    params(
        ("id" = String, Path, description = "Id of a tool."),
        ("undelivered" = Option<u64>, Query, description = "How many undelivered scores are lost with it, as the refusal said."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 400, description = "`INVALID_PARAMETER`: `undelivered` is no number."),
        (status = 403, description = "`NOT_FIRST_TOOL`: the API key is not one of the first tool."),
        (status = 404, description = "`TOOL_NOT_FOUND`: there is no tool with this id."),
        (status = 409, description = "`FIRST_TOOL`: this is the first tool, which stays.\n\
            `UNDELIVERED_SCORES`: scores of it are not delivered yet; `details.undelivered` says how many."),
    ),
)]
pub(crate) async fn delete(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForTools>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Problem> {
    only_first(&room.tools, &tool)?;
    let confirmed = confirmed(query.as_deref())?;
    if id == tool.id {
        return Err(FIRST_TOOL.problem());
    }
    if !is_id(&id) {
        return Err(NO_TOOL.problem());
    }
    let (tool_id, now) = (id.clone(), room.clock.now_ms());
    let removed = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let is_removed = remove(&mut tx, &tool_id, now).await?;
            if is_removed {
                let undelivered = deliveries::undelivered_of_tool(&mut tx, &tool_id).await?;
                nothing_else_is_lost("tool", undelivered, confirmed)?;
            }
            Ok(is_removed)
        })
    });
    if !removed.await? {
        return Err(NO_TOOL.problem());
    }
    room.tools.changed().await;
    room.api_keys.changed().await;
    room.platforms.changed();
    tracing::info!(tool_id = id, "tool removed");
    Ok(StatusCode::NO_CONTENT)
}

/// Only keys of the first tool may manage the whole installation; other tools' keys don't know
/// about it.
///
/// # Errors
/// 403 for a key of another.
pub(crate) fn only_first(tools: &Tools, tool: &Tool) -> Result<(), Problem> {
    if tools.is_first(&tool.id) {
        return Ok(());
    }
    Err(NOT_FIRST_TOOL.problem())
}

/// Checks a host name for a tool other than the first.
///
/// # Errors
/// It is invalid, or is the installation's own.
pub(crate) fn host(public_url: &PublicUrl, text: &str) -> Result<String, Problem> {
    let host = text.trim().to_ascii_lowercase();
    public_url.named(&host).map_err(invalid)?;
    if host == public_url.host() {
        return Err(TAKEN.problem());
    }
    Ok(host)
}

/// The settings of a new tool.
fn settings(given: Option<Value>, public_url: &PublicUrl) -> Result<ToolSettings, Problem> {
    let Some(given) = given else {
        return Ok(ToolSettings::default());
    };
    let before = ToolSettings::default();
    checked(&before, ToolSettings::read(given), public_url)
}

/// Adds a tool that is newer than all others, whatever the clock says, because the oldest is the
/// first tool.
///
/// # Errors
/// There are too many, the host is taken, or the store failed.
pub(crate) async fn add(tx: &mut Tx<'_>, row: tools::ToolRow, now_ms: i64) -> Result<(), Problem> {
    if tools::all(tx).await?.len() >= MOST_TOOLS {
        return Err(TOO_MANY.problem());
    }
    let newest = tools::newest(tx).await?;
    let at = newest.map_or(now_ms, |newest| now_ms.max(newest + 1));
    let inserted = tools::insert(tx, row, at).await;
    inserted.map_err(unless_taken(TAKEN))
}

/// Removes a tool with its API keys and whatever it has few of; the rest is deleted in batches.
/// False if there is no such tool.
///
/// # Errors
/// The store failed.
async fn remove(tx: &mut Tx<'_>, id: &str, now_ms: i64) -> Result<bool, StoreError> {
    if !tools::remove(tx, id.to_owned(), now_ms).await? {
        return Ok(false);
    }
    let keys = api_keys::all(tx).await?;
    for key in keys.into_iter().filter(|key| key.tool_id == id) {
        api_keys::delete(tx, key.tool_id, key.id).await?;
    }
    removed_tools::remove_few(tx, id).await?;
    Ok(true)
}

fn invalid(what: impl std::fmt::Display) -> Problem {
    let what = what.to_string();
    let problem = INVALID_TOOL.saying(format!("host: {what}"));
    problem.naming(vec![WrongMember::new("host", what)])
}
