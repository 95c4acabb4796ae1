//! Invitation links: `/lti/register/<code>`, created by the tool's owner at `/admin/invites`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::StoreError;
use store::invites::{self, Invite};
use utoipa::ToSchema;

use super::preset::Preset;
use super::refusal::RegistrationError;
use super::room::Registrations;
use crate::directory::api_keys::recheck::still_there;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::iso;
use crate::kit::id::new_id;
use crate::kit::seal;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

const NO_INVITE: ApiRule = ApiRule::new(
    "INVITE_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no invite with this id. GET /admin/invites lists them.",
);

const HOUR_MS: i64 = 60 * 60 * 1000;

/// The owner's request for an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewInvite {
    /// How often it may be used: once by default; 0 means any number of times.
    uses: Option<i64>,
    /// How long it is valid: a week by default; 0 means forever.
    expires_in_hours: Option<i64>,
    /// The settings for platforms that use it.
    #[serde(default)]
    preset: Preset,
}

impl NewInvite {
    /// The invite as stored.
    ///
    /// # Errors
    /// A number is out of range, or a message can't be requested.
    fn into_row(self, id: String, now: i64) -> Result<Invite, Problem> {
        let uses = self.uses.unwrap_or(1);
        let hours = self.expires_in_hours.unwrap_or(7 * 24);
        if !(0..=1_000_000).contains(&uses) || !(0..=10 * 365 * 24).contains(&hours) {
            return Err(Problem::wrong_body(
                "uses must be 0 to 1000000 and expiresInHours 0 to 87600; 0 means no limit",
            ));
        }
        for message in self.preset.messages.iter().flatten() {
            message
                .check()
                .and_then(|()| message.check_pictures())
                .map_err(|problem| Problem::wrong_body(format!("preset.messages: {problem}")))?;
        }
        Ok(Invite {
            id,
            preset: serde_json::to_string(&self.preset).map_err(Problem::internal)?,
            uses_left: (uses > 0).then_some(uses),
            expires_at: (hours > 0).then_some(now + hours * HOUR_MS),
            created_at: now,
        })
    }
}

fn hash(code: &str) -> Vec<u8> {
    seal::hash(&["invite", code])
}

/// The invite with a code, and its settings.
pub(super) async fn open(
    room: &Registrations,
    tool: &Tool,
    code: &str,
) -> Result<(Option<String>, Preset), RegistrationError> {
    let (tool_id, now) = (tool.id.clone(), room.clock.now_ms());
    let mut reader = room.db.read().await?;
    let found = invites::of_code(&mut reader.tx(), hash(code), tool_id).await?;
    let public_url = tool.address(&room.public_url);
    let unknown = || RegistrationError::InviteUnknown(public_url.join("/lti/register"));
    let invite = found.ok_or_else(unknown)?;
    if !invite.is_usable(now) {
        return Err(RegistrationError::InviteUsed);
    }
    let preset = serde_json::from_str(&invite.preset)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok((Some(invite.id), preset))
}

/// An invitation as shown to its owner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invite)]
pub(crate) struct InviteAnswer {
    pub(crate) id: String,
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    /// The settings for platforms that use it.
    #[schema(value_type = Preset)]
    pub(crate) preset: Value,
    /// How often it may still be used; absent if unlimited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uses_left: Option<i64>,
    /// Absent if it doesn't expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) expires_at: Option<String>,
    /// The link; only in the answer that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

impl From<&Invite> for InviteAnswer {
    fn from(row: &Invite) -> Self {
        Self {
            id: row.id.clone(),
            created_at: iso(row.created_at),
            preset: serde_json::from_str(&row.preset).unwrap_or_default(),
            uses_left: row.uses_left,
            expires_at: row.expires_at.map(iso),
            url: None,
        }
    }
}

/// The invitations of a tool.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteList {
    pub(crate) invites: Vec<InviteAnswer>,
}

/// Creates an invitation link.
///
/// The answer contains the link, which can't be read again.
#[utoipa::path(
    post, path = "/admin/invites", tag = "Operator: tool", operation_id = "createInvite", security(("apiKey" = ["manage"])),
    request_body = NewInvite,
    responses((status = 201, description = "The invitation.", body = InviteAnswer)),
)]
pub(crate) async fn create(
    State(room): State<Registrations>,
    WithApiKey { tool, key, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<(StatusCode, Json<InviteAnswer>), Problem> {
    let new: NewInvite = json_body(&body)?;
    let (now, code) = (room.clock.now_ms(), room.random.token());
    let invite = new.into_row(new_id(now, &room.random), now)?;
    let (row, tool_id, code_hash) = (invite.clone(), tool.id.clone(), hash(&code));
    let insert = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            still_there(&mut tx, key.as_deref()).await?;
            Ok(invites::insert(&mut tx, tool_id, code_hash, row).await?)
        })
    });
    insert.await?;
    let mut answer = InviteAnswer::from(&invite);
    let public_url = tool.address(&room.public_url);
    answer.url = Some(public_url.join(&format!("/lti/register/{code}")));
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Lists the invitations that are still valid.
#[utoipa::path(
    get, path = "/admin/invites", tag = "Operator: tool", operation_id = "listInvites", security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "The invitations, without their links.", body = InviteList)),
)]
pub(crate) async fn list(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
) -> Result<Json<InviteList>, Problem> {
    let found = invites::of_tool(&mut room.db.read().await?.tx(), tool.id.clone()).await?;
    Ok(Json(InviteList {
        invites: found.iter().map(InviteAnswer::from).collect(),
    }))
}

/// Revokes an invitation.
#[utoipa::path(
    delete, path = "/admin/invites/{id}", tag = "Operator: tool", operation_id = "deleteInvite", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of an invitation.")),
    responses(
        (status = 204, description = "Its link no longer works."),
        (status = 404, description = "`INVITE_NOT_FOUND`: there is no invitation with this id."),
    ),
)]
pub(crate) async fn delete(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let tool_id = tool.id.clone();
    let delete = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { invites::delete(&mut tx, tool_id, id).await })
    });
    if delete.await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(NO_INVITE.problem())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(body: &Value) -> Result<Invite, Problem> {
        let new: NewInvite = serde_json::from_value(body.clone()).unwrap();
        new.into_row("i1".into(), 1000)
    }

    #[test]
    fn an_invite_works_once_and_for_a_week_unless_it_says_otherwise() {
        let usual = row(&json!({})).unwrap();
        assert_eq!(usual.uses_left, Some(1));
        assert_eq!(usual.expires_at, Some(1000 + 7 * 24 * HOUR_MS));
        let long = row(&json!({"uses": 3, "expiresInHours": 2})).unwrap();
        assert_eq!(long.uses_left, Some(3));
        assert_eq!(long.expires_at, Some(1000 + 2 * HOUR_MS));
        let endless = row(&json!({"uses": 0, "expiresInHours": 0})).unwrap();
        assert_eq!((endless.uses_left, endless.expires_at), (None, None));
    }

    #[test]
    fn numbers_out_of_range_and_unknown_messages_are_refused() {
        for body in [
            json!({"uses": -1}),
            json!({"uses": 1_000_001}),
            json!({"expiresInHours": -1}),
            json!({"expiresInHours": 87_601}),
            json!({"preset": {"messages": [{"type": "LtiNothing"}]}}),
            json!({"preset": {"messages": [
                {"type": "LtiResourceLinkRequest", "iconUrl": "https://me:pw@app.example/a.png"},
            ]}}),
        ] {
            let problem = row(&body).unwrap_err();
            assert_eq!(problem.code, "INVALID_BODY", "{body}");
        }
    }

    #[test]
    fn an_invite_is_shown_without_its_link() {
        let invite = row(&json!({"uses": 0, "preset": {"confirm": true}})).unwrap();
        let shown = serde_json::to_value(InviteAnswer::from(&invite)).unwrap();
        let expected = json!({
            "id": "i1", "createdAt": iso(1000), "preset": {"confirm": true},
            "expiresAt": iso(1000 + 7 * 24 * HOUR_MS),
        });
        assert_eq!(shown, expected);
    }
}
