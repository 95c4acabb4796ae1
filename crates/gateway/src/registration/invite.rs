//! Invitation links: `/lti/register/<code>`, made by the tool's owner at `/admin/invites`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::attempt::Preset;
use super::refusal::RegistrationError;
use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::iso;
use crate::kit::id::new_id;
use crate::kit::seal;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use store::StoreError;
use store::invites::{self, Invite};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// What the owner asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    /// How often it may be used; once where nothing is said, any number where it is 0.
    uses: Option<i64>,
    /// How long it works; a week where nothing is said, for ever where it is 0.
    expires_in_hours: Option<i64>,
    /// What it sets for the platforms that come by it.
    #[serde(default)]
    preset: Preset,
}

fn hash(code: &str) -> Vec<u8> {
    seal::hash(&["invite", code])
}

/// The invite of a code, and what it presets.
pub(super) async fn open(
    app: &App,
    tool: &Tool,
    code: &str,
) -> Result<(Option<String>, Preset), RegistrationError> {
    let found = invites::usable(
        &mut app.db.read().await?.tx(),
        hash(code),
        tool.id.clone(),
        app.clock.now_ms(),
    )
    .await?;
    let invite = found.ok_or(RegistrationError::InviteUsed)?;
    let preset = serde_json::from_str(&invite.preset)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok((Some(invite.id), preset))
}

fn output(invite: &Invite) -> Value {
    let mut output = json!({
        "id": invite.id,
        "createdAt": iso(invite.created_at),
        "preset": serde_json::from_str::<Value>(&invite.preset).unwrap_or_default(),
    });
    if let Some(uses) = invite.uses_left {
        output["usesLeft"] = json!(uses);
    }
    if let Some(expires) = invite.expires_at {
        output["expiresAt"] = json!(iso(expires));
    }
    output
}

/// `POST /admin/invites`: answers the link, which can't be read again.
pub async fn create(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let input: Input = json_body(&body)?;
    let (uses, hours) = (
        input.uses.unwrap_or(1),
        input.expires_in_hours.unwrap_or(7 * 24),
    );
    if !(0..=1_000_000).contains(&uses) || !(0..=10 * 365 * 24).contains(&hours) {
        return Err(Problem::bad_request(
            "INVALID_BODY",
            "uses must be 0 to 1000000 and expiresInHours 0 to 87600; 0 means no limit",
        ));
    }
    for message in input.preset.messages.iter().flatten() {
        message.check().map_err(|problem| {
            Problem::bad_request("INVALID_BODY", format!("preset.messages: {problem}"))
        })?;
    }
    let (now, code) = (app.clock.now_ms(), app.random.token());
    let invite = Invite {
        id: new_id(now, &app.random),
        preset: serde_json::to_string(&input.preset).map_err(Problem::internal)?,
        uses_left: (uses > 0).then_some(uses),
        expires_at: (hours > 0).then_some(now + hours * HOUR_MS),
        created_at: now,
    };
    let (row, tool_id, code_hash) = (invite.clone(), tool.id.clone(), hash(&code));
    let insert = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { invites::insert(&mut tx, tool_id, code_hash, row).await })
    });
    insert.await?;
    let mut output = output(&invite);
    output["url"] = json!(app.config.public_url.join(&format!("/lti/register/{code}")));
    Ok((StatusCode::CREATED, Json(output)))
}

/// `GET /admin/invites`.
pub async fn list(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
) -> Result<Json<Value>, Problem> {
    let found = invites::of_tool(&mut app.db.read().await?.tx(), tool.id.clone()).await?;
    Ok(Json(
        json!({"invites": found.iter().map(output).collect::<Vec<_>>()}),
    ))
}

/// `DELETE /admin/invites/:id`.
pub async fn delete(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let tool_id = tool.id.clone();
    let delete = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { invites::delete(&mut tx, tool_id, id).await })
    });
    if delete.await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found(
            "INVITE_NOT_FOUND",
            "There is no invite with this id. GET /admin/invites lists them.",
        ))
    }
}
