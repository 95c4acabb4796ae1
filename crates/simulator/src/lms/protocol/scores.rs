//! Assignment and Grade Services: scores and results.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    line_items::find,
    observe::HalfDone,
    services::{Asked, Cut, Paged, ServiceError, caller, require_type, typed},
};
use crate::{
    faults::Fault,
    lms::state::{Platform, SentScore, Taking, number},
    profiles::NotTaken,
    tool::AGS_SCOPES,
};

const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
const RESULT: &str = AGS_SCOPES[2];
const GRADE: &str = AGS_SCOPES[3];

/// Handles POST of a score.
pub(crate) async fn score(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    half: Option<Extension<HalfDone>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[GRADE])?;
    require_type(&headers, SCORE)?;
    let incorrect = || ServiceError::bad("Incorrect score received");
    let score: Value = serde_json::from_slice(&body).map_err(|_| incorrect())?;
    let sent = SentScore::read(&score).ok_or_else(incorrect)?;
    let style = &platform.profile.services.grades;
    let mut memory = platform.memory();
    let scored = memory.scored(&sent.user);
    if let Err(missing) = find(&mut memory, &tool, &course, id) {
        let own = (style.no_column)(id);
        return own.map(|words| refused(&words)).ok_or(missing);
    }
    let taking = Taking {
        style,
        scored,
        now: platform.clock.now(),
        is_half: half.is_some(),
    };
    if let Err(why) = memory.gradebook.take(id, &sent, &taking) {
        return Ok(refused(&(style.refuse)(why, &sent.user)));
    }
    if let Some(Extension(HalfDone(status))) = half {
        return Ok(status.into_response());
    }
    find(&mut memory, &tool, &course, id)?.received.push(score);
    if style.submissions {
        let result = platform.line_item_url(&tool, &course, id);
        let result = result.replace("/lineitem?", "/lineitem/results?");
        let body = json!({ "resultUrl": format!("{result}&user_id={}", sent.user) });
        return Ok(typed(StatusCode::OK, SCORE, &body));
    }
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, SCORE)]).into_response())
}

/// A refusal in the vendor's wording.
fn refused(words: &Fault) -> Response {
    let words = words.instead();
    words.unwrap_or_else(|| StatusCode::BAD_REQUEST.into_response())
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

/// Handles GET of a line item's results, filtered by `user_id` and `limit`.
pub(crate) async fn results(
    State(platform): State<Arc<Platform>>,
    Path((course, id)): Path<(String, u64)>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, ServiceError> {
    let tool = caller(&platform, &headers, &[RESULT])?;
    let asked = Asked::at(&platform, &uri)?;
    let whole = platform.profile.services.lists.whole;
    let wanted = asked.value("user_id").filter(|_| !whole);
    let of = platform.line_item_url(&tool, &course, id);
    let own = of.replace("/lineitem?", "/lineitem/results?");
    let style = &platform.profile.services.grades;
    let mut memory = platform.memory();
    if memory.gradebook.concluded.contains(&course) {
        return Ok(refused(&(style.refuse)(NotTaken::Concluded, "")));
    }
    let item = find(&mut memory, &tool, &course, id)?;
    let with_comment = wanted.is_none() || !style.drops_comment_of_one;
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
                comment: record.comment.clone().filter(|_| with_comment),
            })
        })
        .collect();
    let cut = Cut {
        whole,
        ..Cut::PLAIN
    };
    Ok(Paged::cut(results, &asked, cut).respond(RESULTS, |items| items))
}
