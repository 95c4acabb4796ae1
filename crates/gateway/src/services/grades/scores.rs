//! `/api/lineitems/:id/scores`: scores go to the platform, results come from it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use lti::ags::{self, LINE_ITEM, RESULT_CONTAINER, ResultFilter, SCORE, Score, ScoreResult};
use lti::claims::scope;
use lti::paging::Links;
use serde_json::Value;
use url::Url;

use super::answer::{ResultAnswer, ScoreList, ScoreSchema};
use super::in_step::put_in_step;
use super::line_items;
use super::named::NamedLineItem;
use super::pace::{Pace, Turn};
use super::{invalid, line_item, offered, vendor};
use crate::keys::service_tokens::GivenToken;
use crate::kit::on_its_own::on_its_own;
use crate::launch::{Launches, WithServices};
use crate::services::call::Call;
use crate::services::deliveries::{
    Deliveries, Delivery, NewScore, ScoreOptions, ScoreTarget, SyncScore,
};
use crate::services::list_pages::ListPages;
use crate::services::pages::{ListQuery, PageLinks, PagedList};
use crate::services::platform_client::{PlatformClient, links, list as list_of};
use crate::services::platform_failure::CallFailure;
use crate::settings::grades::GradeDelivery;
use crate::web::json::json_object;
use crate::web::problem::{METHOD_NOT_ALLOWED, Problem};
use crate::web::wrong_member::WrongMember;

/// Handles `GET` below `/api/lineitems/`: a line item, or its results.
pub(crate) async fn get(
    State(client): State<PlatformClient>,
    services: WithServices,
    named: NamedLineItem,
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
/// Returns one page of the gradebook's current results. They may differ from the last scores you
/// sent, because teachers change grades. With `userId`, it is the first page with one of that
/// user's results, because some platforms ignore this filter. If none is found within 20 pages or
/// 20 seconds, the page is empty and has a `next`.
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
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a wrong value; the description names it.\n`MISSING_LINEITEM_ID`, `INVALID_LINEITEM_ID`: there is no id, or it is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is no line item of this place, or `url` no page of its results."),
        (status = 502, description = "`LIST_CUT_OFF`: `url` stands for a next page that can't be asked for, so the list can't be read to its end."),
    ),
)]
pub(crate) async fn results(
    client: &PlatformClient,
    services: &WithServices,
    named: &NamedLineItem,
    query: Option<&str>,
) -> Result<Json<ScoreList>, Problem> {
    let grades = offered(services)?;
    let item = named.url(services)?;
    let whole = ags::results_url(&item);
    let list = PagedList::new(client, &services.place, Some(whole.as_str()));
    let asked = ListQuery::parse(query, &list)?;
    let filter = ResultFilter {
        // LTIAAS's SDK for Python spells it as the platform does.
        user_id: asked.value(&["userId", "user_id"]),
        limit: asked.limit()?,
        by_all: vendor(&services.platform).cuts_results_of_one(),
    };
    let first = match asked.page() {
        Some(page) => page.clone(),
        None => filter.apply(&whole),
    };
    let scope = grades.scope(&[scope::RESULT_READONLY])?;
    let mut pages = ListPages::for_one_answer(first, client.paging);
    let (scores, url, links) = loop {
        let url = pages.url().clone();
        let (scores, links) = page_of(client, services, (&url, scope), (&item, filter)).await?;
        // A page with only other people's results looks as if this person had none.
        if filter.user_id.is_none() || !scores.is_empty() {
            break (scores, url, links);
        }
        match pages.turn(&links) {
            Ok(true) => {}
            // A grade without its comment is better than none (decision 0422).
            Err(_) if filter.by_all => {
                let one = ResultFilter {
                    by_all: false,
                    ..filter
                };
                let url = one.apply(&whole);
                let (scores, links) =
                    page_of(client, services, (&url, scope), (&item, one)).await?;
                break (scores, url, links);
            }
            _ => break (scores, url, links),
        }
    };
    let pages = PageLinks::new(&list, &url, links, &[("userId", filter.user_id)]).into();
    Ok(Json(ScoreList { scores, pages }))
}

/// One page of results: those that pass the filter, and the links to the other pages.
async fn page_of(
    client: &PlatformClient,
    services: &WithServices,
    (url, scope): (&Url, &str),
    (item, filter): (&Url, ResultFilter<'_>),
) -> Result<(Vec<ResultAnswer>, Links), Problem> {
    let call = Call::get(url, scope, RESULT_CONTAINER);
    let answer = client.send(&services.platform, &call).await?;
    let found = list_of(&call, &answer, &["results", "scores"])?.into_iter();
    let found = found.filter_map(|result| ScoreResult::read(result, item.as_str()));
    let scores = found
        .filter(|result| filter.admits(result))
        .map(|result| ResultAnswer(result.into_members()));
    Ok((scores.collect(), links(url, &answer.headers)))
}

/// What sending a score needs. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct ScoreRoom {
    pub(crate) client: PlatformClient,
    pub(crate) launches: Launches,
    pub(crate) pace: Pace,
    pub(crate) deliveries: Deliveries,
}

/// Sends a score.
///
/// If maximum or timestamp are omitted, they are filled in. Scores for one student are sent one at
/// a time, and a platform that counts whole seconds gets the next one a second later. So that a
/// teacher's grade stays, the gradebook is read first, except at Canvas; if it can't be read, the
/// score is not sent, and the answer is the platform's failure. With `Prefer: respond-async`, or
/// the setting `grades.delivery`, the score is stored, and delivered as soon as the platform
/// accepts it.
#[utoipa::path(
    post, path = "/api/lineitems/{id}/scores", tag = "Application: services", operation_id = "sendScore",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    params(
        ("id" = String, Path, description = "Id of a line item, percent-encoded."),
        ("Prefer" = Option<String>, Header, description = "`respond-async`: answer as soon as the score is stored."),
    ),
    request_body(content = ScoreSchema, content_type = "application/json"),
    responses(
        (status = 202, description = "It is stored, and will be delivered. `Location` is the address of its delivery.", body = Delivery),
        (status = 204, description = "The platform took it, or need not have it: it had it already, a score at least as high with `onlyIfHigher`, or a grade for work that was to be graded by hand."),
        (status = 400, description = "`MISSING_LINEITEM_ID`, `INVALID_LINEITEM_ID`: there is no id, or it is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: the id is no line item of this place.\n`SCORE_OUT_OF_RANGE`: the score is above its maximum, which this platform doesn't take."),
        (status = 409, description = "`WOULD_CLEAR_GRADE`: the platform has a score for this student, which this status would take away; send `clear` if that is meant.\n`OVERRIDDEN_BY_TEACHER`: the gradebook has a grade that was not sent from here, and it stays; see `grades.teacherWins`.\n`LAST_SCORE_NOT_READABLE`: the record of what was last delivered for this student and line item can't be read."),
        (status = 503, description = "`DELIVERIES_FULL`: too many scores wait to be delivered."),
        (status = 507, description = "`NO_SPACE`: there is no room to store the score."),
    ),
)]
pub(crate) async fn send(
    State(room): State<ScoreRoom>,
    services: WithServices,
    named: NamedLineItem,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !named.is_scores {
        return Err(METHOD_NOT_ALLOWED.saying("Scores are posted to /api/lineitems/<id>/scores."));
    }
    let scope = offered(&services)?.scope(&[scope::SCORE])?;
    let item = named.url(&services)?;
    let (score, options) = read_score(&services, &body)?;
    match answers_at_once(&services, &headers) {
        true => {
            room.send(services, item, scope, score, options).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        false => room.accept(&services, item, score, options).await,
    }
}

/// Whether the answer waits for the platform.
fn answers_at_once(services: &WithServices, headers: &HeaderMap) -> bool {
    let prefers = headers.get_all("prefer").into_iter();
    let mut preferences = prefers
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']));
    let is_async =
        preferences.any(|preference| preference.trim().eq_ignore_ascii_case("respond-async"));
    let rules = Deliveries::rules(&services.tool, &services.platform);
    !is_async && rules.delivery == GradeDelivery::Sync
}

/// The access tokens that were asked for before a score's time runs.
struct SyncTokens {
    /// For the score.
    token: Result<GivenToken, CallFailure>,
    /// For the look into the gradebook, if there will be one.
    to_look: Option<GivenToken>,
}

impl ScoreRoom {
    /// Stores a score for delivery.
    async fn accept(
        &self,
        services: &WithServices,
        item: Url,
        score: Score,
        options: ScoreOptions,
    ) -> Result<Response, Problem> {
        let new = NewScore {
            tool: services.tool.clone(),
            platform: services.platform.clone(),
            place: services.place.clone(),
            key_issued_ms: services.key_issued_ms,
            target: ScoreTarget::LineItem(item),
            score,
            options,
            note: None,
        };
        let delivery = self.deliveries.accept(new).await?;
        let location = [(LOCATION, format!("/api/deliveries/{}", delivery.id))];
        Ok((StatusCode::ACCEPTED, location, Json(delivery)).into_response())
    }

    /// Sends a score and waits for the platform.
    async fn send(
        &self,
        services: WithServices,
        item: Url,
        scope: &'static str,
        mut score: Score,
        options: ScoreOptions,
    ) -> Result<(), Problem> {
        if score.needs_maximum() {
            let call = Call::get(&item, offered(&services)?.reading()?, LINE_ITEM);
            let known = line_item(&call, &self.client.send(&services.platform, &call).await?)?;
            let maximum = known.score_maximum();
            score.set_maximum(maximum.ok_or_else(no_maximum)?);
        }
        if options.sync_line_item {
            put_in_step(&self.client, &services, &item, &score).await?;
        }
        let turn = self.pace.turn(&item, &mut score).await;
        // Before the score's time runs: some platforms take as long for each token as a score has.
        let token = self.client.token(&services.platform, scope).await;
        let to_look = match &token {
            Ok(_) => {
                let to_look = self.deliveries.token_to_look(&services, &score, &options);
                to_look.await
            }
            Err(_) => None,
        };
        let (room, tokens) = (self.clone(), SyncTokens { token, to_look });
        // From here on others wait for it, so what comes of it is noted however long that takes.
        on_its_own(async move {
            let begun = room.deliveries.begin_sync(&services, &item, score, options);
            match begun.await? {
                Some(sync) => {
                    let place = (&item, scope);
                    room.post(&services, place, (sync, turn), tokens).await
                }
                None => Ok(()),
            }
        })
        .await
    }

    /// Posts a score whose turn has come, unless it may not or need not be sent.
    async fn post(
        &self,
        services: &WithServices,
        (item, scope): (&Url, &'static str),
        (mut sync, mut turn): (SyncScore, Turn),
        tokens: SyncTokens,
    ) -> Result<(), Problem> {
        let url = ags::scores_url(item);
        let token = match tokens.token {
            Ok(token) => token,
            Err(failure) => {
                self.deliveries.fail_sync(&sync, &failure).await;
                let call = score_call(&url, scope, &sync);
                return Err(failure.problem(&services.platform, &call));
            }
        };
        turn.follows(&sync.score, sync.previous_ms);
        loop {
            // Right before the score, and each time: a teacher may grade at any moment.
            let room = &self.deliveries;
            let looks = room.look_before_sync(services, item, &sync, tokens.to_look.as_ref());
            if !looks.await? {
                return Ok(());
            }
            let call = Call {
                token: Some(&token),
                ..score_call(&url, scope, &sync)
            };
            let sent = self.client.try_send(&services.platform, &call).await;
            let Err(failure) = sent else {
                // Noted first, or the next one would wait for it.
                let score = sync.score.clone();
                self.deliveries.end_sync(sync).await;
                turn.done(&score);
                let known = self.launches.line_items();
                known.used(&services.platform.id, item.as_str()).await;
                return Ok(());
            };
            if !is_conflict(&failure) || !turn.again(&mut sync.score).await {
                self.deliveries.fail_sync(&sync, &failure).await;
                return Err(failure.problem(&services.platform, &call));
            }
        }
    }
}

/// Whether the platform answered 409.
fn is_conflict(failure: &CallFailure) -> bool {
    let conflict = StatusCode::CONFLICT.as_u16();
    matches!(failure, CallFailure::Refused(refused) if refused.status == conflict)
}

/// The score in a body, and our own members of it. With an `ltik`, it is for the launch's person if
/// it names no other.
fn read_score(services: &WithServices, body: &Bytes) -> Result<(Score, ScoreOptions), Problem> {
    let mut members = json_object(body)?;
    if let Some(user) = &services.user_id
        && members.get("userId").is_none_or(Value::is_null)
    {
        members.insert("userId".into(), user.as_str().into());
    }
    let options = ScoreOptions::take(&mut members).map_err(|(field, message)| {
        let description = format!("The request body is wrong: {field} {message}.");
        Problem::wrong_body(description).naming(vec![WrongMember::new(field, message)])
    })?;
    let score = Score::read(Value::Object(members)).map_err(invalid)?;
    Ok((score, options))
}

fn score_call<'a>(url: &'a Url, scope: &'a str, sync: &SyncScore) -> Call<'a> {
    Call {
        method: Method::POST,
        body: Some((SCORE, sync.score.to_body())),
        by: Some(sync.by.clone()),
        ..Call::get(url, scope, "*/*")
    }
}

fn no_maximum() -> Problem {
    let must = "is missing, and the line item has none either";
    Problem::wrong_body(format!("The request body is wrong: scoreMaximum {must}."))
        .naming(vec![WrongMember::new("scoreMaximum", must)])
}
