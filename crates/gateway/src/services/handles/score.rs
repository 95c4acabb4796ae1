//! `POST /api/scores`: sends a score to a line item identified by a handle (grades.md GR-22).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use lti::ags::Score;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::LineItemHandles;
use crate::launch::WithServices;
use crate::services::deliveries::{
    Deliveries, Delivery, NewScore, ScoreHandle, ScoreOptions, ScoreTarget,
};
use crate::services::grades::answer::ScoreSchema;
use crate::services::grades::{invalid, offered};
use crate::web::json::json_body;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

/// The maximum length of a handle's parts and of a label, in characters.
const LONGEST_PART: usize = 255;

/// The application's own name for a line item in a course.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NamedHandle {
    /// Your id for the graded thing: the line item's `resourceId`.
    #[schema(min_length = 1, max_length = 255)]
    pub(super) resource_id: String,
    /// Your name for the kind of grade: the line item's `tag`. If omitted, the tag is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 255)]
    pub(super) tag: Option<String>,
}

/// A score and its line item.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HandleScore {
    handle: NamedHandle,
    /// The column's heading; required if the line item doesn't exist yet. An existing one is left
    /// unchanged, unless the score says `syncLineItem: true`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    label: Option<String>,
    /// The line item's maximum; required if it doesn't exist yet. Defaults to the score's own.
    #[serde(default)]
    score_maximum: Option<f64>,
    #[schema(value_type = ScoreSchema)]
    score: Map<String, Value>,
}

/// Sends a score to the line item with a handle.
///
/// This is the course's line item with this `resourceId` (and `tag`). If there is none, it is
/// created, once, with `label` and `scoreMaximum`; without those, the score waits until there is
/// one. If several line items have the handle, the score waits with the reason
/// `AMBIGUOUS_LINE_ITEM`, and `PUT /api/lineitems/{id}/handle` decides. When the answer arrives,
/// the score is stored; it is delivered afterwards.
#[utoipa::path(
    post, path = "/api/scores", tag = "Application: services", operation_id = "sendScoreByHandle",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    request_body(content = HandleScore, content_type = "application/json"),
    responses(
        (
            status = 202, description = "It is stored, and on its way.", body = Delivery,
            headers(("Location" = String, description = "`/api/deliveries/` and the id.")),
        ),
        (status = 400, description = "`SCORE_OUT_OF_RANGE`: the score is above the maximum, and the platform takes none that is."),
        (status = 409, description = "`WOULD_CLEAR_GRADE`: the score has no `scoreGiven`, or a `gradingProgress` that clears the grade which was delivered before. `clear: true` sends it nevertheless.\n`LAST_SCORE_NOT_READABLE`: the record of what was last delivered for this student and line item can't be read."),
        (status = 503, description = "`DELIVERIES_FULL`: too many deliveries wait. Try again after `Retry-After` seconds."),
        (status = 507, description = "`NO_SPACE`: there is no room to store it."),
    ),
)]
pub(crate) async fn send(
    State(handles): State<LineItemHandles>,
    State(deliveries): State<Deliveries>,
    services: WithServices,
    body: Bytes,
) -> Result<Response, Problem> {
    offered(&services)?;
    let asked: HandleScore = json_body(&body)?;
    check(&asked.handle)?;
    let label = asked.label.as_deref();
    if label.is_some_and(|label| !is_short(label)) {
        return Err(wrong("label", "must have 1 to 255 characters"));
    }
    let mut members = asked.score;
    if let Some(user) = &services.user_id
        && members.get("userId").is_none_or(Value::is_null)
    {
        members.insert("userId".into(), user.as_str().into());
    }
    let options = ScoreOptions::take(&mut members);
    let options = options.map_err(|(name, must)| wrong(&format!("score.{name}"), must))?;
    let score = Score::read(Value::Object(members)).map_err(invalid)?;
    let of_score = score.members().get("scoreMaximum").and_then(Value::as_f64);
    let maximum = asked.score_maximum.or(of_score);
    if maximum.is_some_and(|maximum| maximum <= 0.0) {
        return Err(wrong("scoreMaximum", "must be a number above 0"));
    }
    let NamedHandle { resource_id, tag } = asked.handle;
    let tool_id = &services.tool.id;
    let known = handles.known(tool_id, &services.place, &resource_id, tag.as_deref());
    let known = known.await?;
    let handle = ScoreHandle {
        resource_id,
        tag,
        label: asked.label,
        score_maximum: maximum,
        sync_line_item: options.sync_line_item,
    };
    let target = match known {
        // So it has its turn among the scores that name the line item itself.
        Some(found) => ScoreTarget::Found(found.url, handle),
        None => ScoreTarget::Handle(handle),
    };
    let delivery = deliveries
        .accept(NewScore {
            key_issued_ms: services.key_issued_ms,
            tool: services.tool,
            platform: services.platform,
            place: services.place,
            target,
            score,
            options,
            note: None,
        })
        .await?;
    let location = format!("/api/deliveries/{}", delivery.id);
    let location = [(LOCATION, location)];
    Ok((StatusCode::ACCEPTED, location, Json(delivery)).into_response())
}

/// Checks that platforms can store a handle.
///
/// # Errors
/// 400.
pub(super) fn check(handle: &NamedHandle) -> Result<(), Problem> {
    let must = "must have 1 to 255 characters";
    if !is_short(&handle.resource_id) {
        return Err(wrong("handle.resourceId", must));
    }
    if handle.tag.as_deref().is_some_and(|tag| !is_short(tag)) {
        return Err(wrong("handle.tag", must));
    }
    Ok(())
}

fn is_short(text: &str) -> bool {
    (1..=LONGEST_PART).contains(&text.chars().count()) && !text.trim().is_empty()
}

fn wrong(member: &str, must: &str) -> Problem {
    let description = format!("The request body is wrong: {member} {must}.");
    Problem::wrong_body(description).naming(vec![WrongMember::new(member.to_owned(), must)])
}
