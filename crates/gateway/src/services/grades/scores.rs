//! `/api/lineitems/:id/scores`: scores go to the platform, results come from it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lti::ags::{self, LINE_ITEM, RESULT_CONTAINER, ResultFilter, SCORE, Score, ScoreResult};
use lti::claims::scope;
use serde_json::Value;
use url::Url;

use super::answer::{ResultAnswer, Score as ScoreSchema, ScoreList};
use super::line_items;
use super::named::Named;
use super::pace::Pace;
use super::{invalid, line_item, offered};
use crate::launch::{Launches, WithServices};
use crate::services::call::Call;
use crate::services::pages::{Asked, Turning};
use crate::services::platform_client::{PlatformClient, links, list as list_of};
use crate::web::json::json_object;
use crate::web::problem::Problem;

/// `GET` of what stands behind `/api/lineitems/`: a line item, or its results.
pub(crate) async fn get(
    State(client): State<PlatformClient>,
    services: WithServices,
    named: Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if named.is_scores {
        let list = results(&client, &services, &named, query.as_deref()).await?;
        return Ok(list.into_response());
    }
    line_items::read(&client, &services, &named).await
}

/// Lists the results of a line item.
///
/// One page of what stands in the gradebook, which need not be what you sent last: teachers change it.
#[utoipa::path(
    get, path = "/api/lineitems/{id}/scores", tag = "Application: services", operation_id = "listScores",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        ("id" = String, Path, description = "Id of a line item, percent-encoded."),
        ("userId" = Option<String>, Query, description = "Only the result of this person."),
        ("limit" = Option<u32>, Query, minimum = 1, description = "Results on a page. A wish: platforms may send fewer, or ignore it."),
        ("url" = Option<String>, Query, description = "A page, as `next` of the page before has it. No other parameter counts beside it."),
    ),
    responses(
        (status = 200, description = "A page of results.", body = ScoreList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a wrong value; the description names it.\n`MISSING_LINEITEM_ID`, `INVALID_LINEITEM_ID`: there is no id, or it is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id or `url` is not on the platform's host."),
        (status = 502, description = "`LIST_CUT_OFF`: `url` stands for a next page that can't be asked for, so the list can't be read to its end."),
    ),
)]
pub(crate) async fn results(
    client: &PlatformClient,
    services: &WithServices,
    named: &Named,
    query: Option<&str>,
) -> Result<Json<ScoreList>, Problem> {
    let grades = offered(services)?;
    let item = named.url(&services.place)?;
    let asked = Asked::parse(query, services.place.addresses())?;
    let filter = ResultFilter {
        // LTIAAS's SDK for Python writes it as the platform does.
        user_id: asked.value(&["userId", "user_id"]),
        limit: asked.limit()?,
    };
    let url = match asked.page() {
        Some(page) => page.clone(),
        None => filter.apply(&ags::results_url(&item)),
    };
    let call = Call::get(
        &url,
        grades.scope(&[scope::RESULT_READONLY])?,
        RESULT_CONTAINER,
    );
    let answer = client.send(&services.platform, &call).await?;
    let found = list_of(&call, &answer, &["results", "scores"])?.into_iter();
    let found = found.filter_map(|result| ScoreResult::read(result, item.as_str()));
    let scores = found
        .filter(|result| filter.admits(result))
        .map(|result| ResultAnswer(result.into_members()));
    let links = links(&url, &answer.headers);
    let turning = Turning::new(&url, links, &[("userId", filter.user_id)]);
    Ok(Json(ScoreList {
        scores: scores.collect(),
        pages: turning.into(),
    }))
}

/// Sends a score.
///
/// A maximum and a time that are left out are filled in. Scores for one student are sent one after the other, and a platform
/// that counts whole seconds gets the next one a second later.
#[utoipa::path(
    post, path = "/api/lineitems/{id}/scores", tag = "Application: services", operation_id = "sendScore",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    params(("id" = String, Path, description = "Id of a line item, percent-encoded.")),
    request_body(content = ScoreSchema, content_type = "application/json"),
    responses(
        (status = 204, description = "The platform took it."),
        (status = 400, description = "`MISSING_LINEITEM_ID`, `INVALID_LINEITEM_ID`: there is no id, or it is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is not on the platform's host."),
    ),
)]
pub(crate) async fn send(
    State(client): State<PlatformClient>,
    State(launches): State<Launches>,
    State(pace): State<Pace>,
    services: WithServices,
    named: Named,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    if !named.is_scores {
        return Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            "Scores are posted to /api/lineitems/<id>/scores.",
        ));
    }
    let grades = offered(&services)?;
    let scope = grades.scope(&[scope::SCORE])?;
    let item = named.url(&services.place)?;
    let mut score = read_score(&services, &body)?;
    if score.needs_maximum() {
        let call = Call::get(&item, grades.reading()?, LINE_ITEM);
        let known = line_item(&call, &client.send(&services.platform, &call).await?)?;
        let maximum = known.score_maximum();
        score.set_maximum(maximum.ok_or_else(no_maximum)?);
    }
    let url = ags::scores_url(&item);
    let mut turn = pace.turn(&item, &mut score).await;
    loop {
        let sent = post(&client, &services, &url, scope, &score).await;
        match sent {
            Err(problem)
                if problem.status == StatusCode::CONFLICT && turn.again(&mut score).await => {}
            Err(problem) => return Err(problem),
            Ok(()) => {
                turn.done(&score);
                let known = launches.line_items();
                known.used(&services.platform.id, item.as_str()).await;
                return Ok(StatusCode::NO_CONTENT);
            }
        }
    }
}

/// The score of a body. With an `ltik` it is the launch's person's, if it names nobody.
fn read_score(services: &WithServices, body: &Bytes) -> Result<Score, Problem> {
    let mut members = json_object(body)?;
    if let Some(user) = &services.user_id
        && members.get("userId").is_none_or(Value::is_null)
    {
        members.insert("userId".into(), user.as_str().into());
    }
    Score::read(Value::Object(members)).map_err(invalid)
}

async fn post(
    client: &PlatformClient,
    services: &WithServices,
    url: &Url,
    scope: &str,
    score: &Score,
) -> Result<(), Problem> {
    let call = Call {
        method: Method::POST,
        body: Some((SCORE, score.to_body())),
        ..Call::get(url, scope, "*/*")
    };
    client.send(&services.platform, &call).await.map(drop)
}

fn no_maximum() -> Problem {
    Problem::bad_request(
        "INVALID_BODY",
        "The request body is wrong: scoreMaximum is missing, and the line item has none either.",
    )
}
