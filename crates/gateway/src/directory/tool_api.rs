//! `GET` and `PATCH /admin/tool`: the tool's settings.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::directory::tools::Tool;
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use crate::web::json::json_object;
use crate::web::problem::Problem;
use store::tools;

/// Reads the settings of the tool.
#[utoipa::path(
    get, path = "/admin/tool",
    tag = "Operator: tool", operation_id = "readTool", security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "All settings.", body = ToolSettings)),
)]
pub(crate) async fn read(WithApiKey { tool, .. }: WithApiKey<ForManagement>) -> Json<ToolSettings> {
    Json(tool.settings.clone())
}

/// Changes settings of the tool.
///
/// Objects are merged member by member; lists are replaced. A `null` puts a member back to its default.
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
) -> Result<Json<ToolSettings>, Problem> {
    let patch = json_object(&body)?;
    let (tool_id, now) = (tool.id.clone(), room.clock.now_ms());
    let public_url = room.public_url.clone();
    // Read and written under one lock, so that of two patches at once neither undoes the other.
    let changed = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            tools::lock(&mut tx, tool_id.clone()).await?;
            let mut rows = tools::all(&mut tx).await?.into_iter();
            let row = rows.find(|row| row.id == tool_id);
            let current =
                Tool::try_from(row.ok_or_else(|| Problem::internal("the tool is gone"))?)?;
            let settings = current.settings.patched(&patch).map_err(|problem| {
                Problem::bad_request(
                    "INVALID_SETTINGS",
                    format!("Nothing was changed: {problem}"),
                )
            })?;
            let is_new = settings.launch_url != current.settings.launch_url;
            let launch_url = settings.launch_url.as_ref().filter(|_| is_new);
            if launch_url.is_some_and(|url| public_url.blocks(url)) {
                let problem = format!("Nothing was changed: {}", PublicUrl::BLOCKS);
                return Err(Problem::bad_request("INVALID_SETTINGS", problem));
            }
            let tool = Tool {
                settings,
                ..current
            };
            tools::update(&mut tx, tool.to_row()?, now).await?;
            Ok(tool)
        })
    });
    let changed = changed.await?;
    room.tools.reload().await?;
    Ok(Json(changed.settings))
}
