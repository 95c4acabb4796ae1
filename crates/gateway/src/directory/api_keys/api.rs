//! `/admin/api-keys`: creates, lists and revokes the keys of a tool.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::api_keys::{self, ApiKeyRow};
use store::tools;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::new::{BadApiKey, MOST_KEYS, NewApiKey, is_last};
use super::recheck::still_among;
use super::scope::{ForApiKeys, Scope};
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::events::Event;
use crate::kit::clock::iso;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::paging::time;
use crate::web::problem::Problem;

const NO_API_KEY: ApiRule = ApiRule::new(
    "API_KEY_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no API key with this id. GET /admin/api-keys lists them.",
);
const INVALID_API_KEY: ApiRule = ApiRule::new(
    "INVALID_API_KEY",
    StatusCode::BAD_REQUEST,
    "The API key can't have this name or end.",
);
const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_API_KEYS",
    StatusCode::CONFLICT,
    "The tool has 200 API keys, and may not have more. Revoke some.",
);
/// Without this key, no other could be created over the API.
pub(crate) const LAST: ApiRule = ApiRule::new(
    "LAST_API_KEY",
    StatusCode::CONFLICT,
    "No other API key has the scope all for more than a day: without this one, only the command `hallpass api-keys` makes and revokes \
     keys. Make another first, or add ?force=true.",
);

/// An API key to create.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewApiKey)]
struct ApiKeyRequest {
    /// Its purpose, in 1 to 100 characters; lists and refusals show it.
    name: String,
    scope: Scope,
    /// When it expires, within 100 years. If left out, it works until it is revoked.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// An API key, without the key itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyAnswer {
    pub(crate) id: String,
    pub(crate) name: String,
    #[schema(value_type = Scope)]
    pub(crate) scope: String,
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    /// To the minute; absent if it was never used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) last_used_at: Option<String>,
    /// When it expires or expired; absent if it doesn't expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) expires_at: Option<String>,
    /// The key; only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
}

impl From<ApiKeyRow> for ApiKeyAnswer {
    fn from(row: ApiKeyRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            scope: row.scope,
            created_at: iso(row.created_at),
            last_used_at: row.last_used_at.map(iso),
            expires_at: row.expires_at.map(iso),
            key: None,
        }
    }
}

/// The API keys of a tool.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyList {
    pub(crate) api_keys: Vec<ApiKeyAnswer>,
}

/// Lists the API keys, oldest first, including expired ones.
#[utoipa::path(
    get, path = "/admin/api-keys", tag = "Operator: tool", operation_id = "listApiKeys",
    security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "The keys, without the keys themselves.", body = ApiKeyList)),
)]
pub(crate) async fn list(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForApiKeys>,
) -> Result<Json<ApiKeyList>, Problem> {
    let keys = api_keys::all(&mut room.db.read().await?.tx()).await?;
    let own = keys.into_iter().filter(|key| key.tool_id == tool.id);
    Ok(Json(ApiKeyList {
        api_keys: own.map(ApiKeyAnswer::from).collect(),
    }))
}

/// Creates an API key.
///
/// The answer contains the key, which can't be read again. Every replica accepts it within five
/// seconds.
#[utoipa::path(
    post, path = "/admin/api-keys", tag = "Operator: tool", operation_id = "createApiKey",
    security(("apiKey" = [])),
    request_body = ApiKeyRequest,
    responses(
        (status = 201, description = "The key.", body = ApiKeyAnswer),
        (status = 400, description = "`INVALID_API_KEY`: the name or the end can't be taken; the description says why."),
        (status = 409, description = "`TOO_MANY_API_KEYS`: the tool has 200 keys."),
    ),
)]
pub(crate) async fn create(
    State(room): State<Directory>,
    WithApiKey {
        tool, key: used, ..
    }: WithApiKey<ForApiKeys>,
    body: Bytes,
) -> Result<(StatusCode, Json<ApiKeyAnswer>), Problem> {
    let asked: ApiKeyRequest = json_body(&body)?;
    let now = room.clock.now_ms();
    let bad = |what: String| INVALID_API_KEY.saying(what);
    let end = asked.expires_at.as_deref();
    let end = end.map(|end| time("expiresAt", end)).transpose();
    let end = end.map_err(|problem| bad(format!("{} {}", problem.description, BadApiKey::End)))?;
    let new = NewApiKey::new(&asked.name, asked.scope, end, now);
    let new = new.map_err(|problem| bad(problem.to_string()))?;
    let (key, row) = new.make(room.api_keys.hasher(), &tool.id, now, &room.random);
    let (inserted, events) = (row.clone(), room.events.clone());
    let insert = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            // Serialises concurrent requests: the second one counts the first one's key.
            tools::lock(&mut tx, inserted.tool_id.clone()).await?;
            let keys = api_keys::all(&mut tx).await?;
            // The used key may have been revoked since, alone or with its tool.
            still_among(&keys, used.as_deref())?;
            if tools::by_id(&mut tx, &inserted.tool_id).await?.is_none() {
                return Err(Problem::unavailable());
            }
            let own = keys.iter().filter(|key| key.tool_id == inserted.tool_id);
            if own.count() >= MOST_KEYS {
                return Err(TOO_MANY.problem());
            }
            let made = Event::ApiKeyCreated {
                api_key_id: inserted.id.clone(),
                scope: inserted.scope.clone(),
            };
            events.record(&mut tx, &inserted.tool_id, &made).await?;
            Ok(api_keys::insert(&mut tx, inserted).await?)
        })
    });
    insert.await?;
    room.events.committed();
    room.api_keys.changed().await;
    tracing::info!(api_key = row.id, scope = row.scope, "API key made");
    let mut answer = ApiKeyAnswer::from(row);
    answer.key = Some(key);
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Revokes an API key.
///
/// Every replica refuses it within five seconds, this one at once. A key may revoke itself.
#[utoipa::path(
    delete, path = "/admin/api-keys/{id}", tag = "Operator: tool", operation_id = "revokeApiKey",
    security(("apiKey" = [])),
    params(
        ("id" = String, Path, description = "Id of an API key."),
        ("force" = Option<bool>, Query, description = "Also the last key whose scope is `all`, or the last that doesn't end within a day. After that only `hallpass api-keys` makes keys."),
    ),
    responses(
        (status = 204, description = "It is no longer taken."),
        (status = 404, description = "`API_KEY_NOT_FOUND`: the tool has no API key with this id."),
        (status = 409, description = "`LAST_API_KEY`: no other key has the scope `all` for another day, and `force=true` was not given."),
    ),
)]
pub(crate) async fn revoke(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForApiKeys>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Problem> {
    let query = query.unwrap_or_default();
    let is_forced = form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "force" && value == "true");
    let (tool_id, key_id, now) = (tool.id.clone(), id.clone(), room.clock.now_ms());
    let delete = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            // If two requests revoke the last two keys, the second finds the other key gone.
            tools::lock(&mut tx, tool_id.clone()).await?;
            let keys = api_keys::all(&mut tx).await?;
            if !is_forced && is_last(&keys, &tool_id, &key_id, now) {
                return Err(LAST.problem());
            }
            Ok(api_keys::delete(&mut tx, tool_id, key_id).await?)
        })
    });
    if !delete.await? {
        return Err(NO_API_KEY.problem());
    }
    room.api_keys.changed().await;
    tracing::info!(api_key = id, "API key revoked");
    Ok(StatusCode::NO_CONTENT)
}
