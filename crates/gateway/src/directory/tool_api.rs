//! `GET` and `PATCH /admin/tool`: the tool's settings.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::settings::tool::ToolSettings;
use crate::web::problem::Problem;
use store::{StoreError, tools};

/// A JSON body, or a 400 that says what is wrong with it. Null members count as absent (ltiaas-api.md §2).
///
/// # Errors
/// Not JSON, or not of the form asked for.
pub fn json_body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let wrong = |what: String| {
        Problem::bad_request("INVALID_BODY", format!("The request body is wrong: {what}"))
    };
    let value: Value = serde_json::from_slice(body).map_err(|error| wrong(error.to_string()))?;
    // A list would pass for an object whose members come in their order.
    if !value.is_object() {
        return Err(wrong("it must be a JSON object".into()));
    }
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        // Of the body as a whole: what is wrong names the member itself.
        whole if whole == "." => wrong(error.inner().to_string()),
        member => wrong(format!("{member}: {}", error.inner())),
    })
}

/// Whether a query asks for the original instead of our form of it: `?raw=true`, in the spellings clients use.
pub fn wants_raw(query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "raw" && matches!(&*value, "true" | "True" | "TRUE" | "1"))
}

/// `GET /admin/tool`.
pub async fn read(WithApiKey(tool): WithApiKey) -> Json<ToolSettings> {
    Json(tool.settings.clone())
}

/// `PATCH /admin/tool`: merges objects member by member, answers the whole.
pub async fn change(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<Json<ToolSettings>, Problem> {
    let patch: Map<String, Value> = json_body(&body)?;
    let (tool_id, now) = (tool.id.clone(), app.clock.now_ms());
    // Read and written under one lock, so that two patches at once both hold.
    let changed = app
        .db
        .write::<_, Problem, _>(move |mut tx| {
            Box::pin(async move {
                tools::lock(&mut tx, tool_id.clone()).await?;
                let row = tools::all(&mut tx)
                    .await?
                    .into_iter()
                    .find(|row| row.id == tool_id);
                let row = row.ok_or_else(|| Problem::internal("the tool is gone"))?;
                let current = Tool::try_from(row)?;
                let settings = current.settings.patched(&patch).map_err(|problem| {
                    Problem::bad_request(
                        "INVALID_SETTINGS",
                        format!("Nothing was changed: {problem}"),
                    )
                })?;
                let tool = Tool {
                    settings,
                    ..current
                };
                tools::update(&mut tx, tool.to_row()?, now).await?;
                Ok::<_, Problem>(tool)
            })
        })
        .await?;
    app.tools
        .reload()
        .await
        .map_err(|error: StoreError| Problem::from(error))?;
    Ok(Json(changed.settings))
}
