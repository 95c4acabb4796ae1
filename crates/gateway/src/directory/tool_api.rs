//! `GET` and `PATCH /admin/tool`: the tool's settings.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde_json::{Map, Value};

use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::settings::tool::ToolSettings;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use store::{StoreError, tools};

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
