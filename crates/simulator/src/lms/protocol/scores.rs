//! Assignment and Grade Services: scores and results.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    line_items::find,
    services::{Asked, Cut, Paged, ServiceError, caller, require_type},
};
use crate::{
    lms::state::{Platform, ScoreRecord, number},
    people::Position,
    tool::AGS_SCOPES,
};

const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
const RESULT: &str = AGS_SCOPES[2];
const GRADE: &str = AGS_SCOPES[3];

/// POST of a score.
pub(crate) async fn score(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[GRADE])?;
    require_type(&headers, SCORE)?;
    let incorrect = || ServiceError::bad("Incorrect score received");
    let score: Value = serde_json::from_slice(&body).map_err(|_| incorrect())?;
    let text = |name: &str| {
        score[name]
            .as_str()
            .filter(|value| !value.is_empty())
            .ok_or_else(incorrect)
    };
    let (user, progress) = (text("userId")?, text("gradingProgress")?);
    text("activityProgress")?;
    let timestamp: Timestamp = text("timestamp")?.parse().map_err(|_| incorrect())?;
    let given = score["scoreGiven"].as_f64();
    let maximum = score["scoreMaximum"]
        .as_f64()
        .filter(|maximum| *maximum > 0.0);
    if given.is_some() && maximum.is_none() {
        return Err(incorrect());
    }
    let mut memory = platform.memory();
    if !memory
        .person(user)
        .is_ok_and(|person| person.position == Position::Student)
    {
        return Err(incorrect());
    }
    let item = find(&mut memory, &tool, &course, id)?;
    // Compared with the moment of the last saving, in whole seconds, not with the last score's own timestamp.
    if item
        .scores
        .get(user)
        .is_some_and(|last| timestamp.as_second() <= last.saved.as_second())
    {
        let reason =
            format!("Refusing score with an earlier timestamp for item {id} and user {user}");
        return Err(ServiceError(StatusCode::CONFLICT, reason));
    }
    let scaled = given
        .zip(maximum)
        .map(|(given, maximum)| (given / maximum).min(1.0) * item.score_maximum);
    let record = ScoreRecord {
        score: scaled.filter(|_| progress == "FullyGraded"),
        comment: score["comment"].as_str().map(str::to_owned),
        saved: platform.clock.now(),
    };
    item.scores.insert(user.to_owned(), record);
    item.received.push(score);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, SCORE)]).into_response())
}

/// A student's result as tools see it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownResult {
    id: String,
    user_id: String,
    result_score: Value,
    result_maximum: Value,
    score_of: String,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// GET of a line item's results; `user_id` and `limit` narrow it.
pub(crate) async fn results(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[RESULT])?;
    let asked = Asked::at(&platform, &uri)?;
    let wanted = asked.value("user_id");
    let of = platform.line_item_url(&tool, &course, id);
    let own = of.replace("/lineitem?", "/lineitem/results?");
    let mut memory = platform.memory();
    let item = find(&mut memory, &tool, &course, id)?;
    let results = item
        .scores
        .iter()
        .filter(|(user, _)| wanted.as_ref().is_none_or(|wanted| wanted == *user))
        .filter_map(|(user, record)| {
            Some(ShownResult {
                id: format!("{own}&user_id={user}"),
                user_id: user.clone(),
                result_score: number(record.score?),
                result_maximum: number(item.score_maximum),
                score_of: of.clone(),
                timestamp: record.saved.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
                comment: record.comment.clone(),
            })
        })
        .collect();
    Ok(Paged::cut(results, &asked, Cut::PLAIN).respond(RESULTS, |items| items))
}
