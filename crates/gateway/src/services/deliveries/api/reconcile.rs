//! `POST /api/deliveries/reconcile`: checks that the gradebook has what was delivered, and
//! redelivers what it lost (grades.md GR-27).

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use lti::ags::{self, RESULT_CONTAINER, ResultFilter, ScoreResult};
use lti::claims::scope::RESULT_READONLY;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use super::DeliveryDesk;
use super::compare::{Comparison, compare};
use super::delivered::{DeliveredGrades, LineItemPlace, NOTHING, TOO_MANY};
use super::viewer::{Viewer, not_with_an_ltik};
use crate::launch::NOT_AVAILABLE;
use crate::services::call::Call;
use crate::services::deliveries::Repair;
use crate::services::deliveries::rules::shown::ShownGrade;
use crate::services::grades::named::INVALID_LINE_ITEM_ID;
use crate::services::list_pages::{ListPages, ListUnending};
use crate::services::pages::LIST_CUT_OFF;
use crate::services::platform_client::{links, list, permitted};
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

const TOO_SLOW: ApiRule = ApiRule::new(
    "RESULTS_TOO_SLOW",
    StatusCode::BAD_GATEWAY,
    "The platform took too long for all results. Nothing was changed. Try again when it is less busy.",
);

/// Results per page; platforms may return fewer.
const PAGE_SIZE: u32 = 1_000;
/// The most pages of results.
const MOST_PAGES: usize = 2_000;

/// A person without a grade, and the id of their last delivery.
type Missing = (String, Option<String>);

/// What to compare.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Reconcile {
    /// The line item's id.
    line_item: String,
    /// The platform's id. With only the API key, it is needed if several platforms have such a line
    /// item.
    #[serde(default)]
    platform: Option<String>,
    /// Whether to redeliver what is missing.
    #[serde(default)]
    repair: bool,
}

/// How the gradebook compares with what was delivered.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct Reconciled {
    /// The number of people for whom the gradebook has the last delivered grade.
    pub(crate) same: usize,
    /// People without a grade there.
    pub(crate) missing: Vec<String>,
    /// People with an earlier grade of ours.
    pub(crate) different: Vec<String>,
    /// People with a grade that was never delivered, because it was given there.
    pub(crate) overridden: Vec<String>,
    /// Those of `missing` whose grade is being redelivered.
    pub(crate) repaired: Vec<String>,
}

/// Compares a line item with what was delivered to it.
///
/// Use it after an incident on either side: a restored backup, a deleted column, or doubts. It
/// compares deliveries that are still listed, so those of the last thirty days unless
/// `grades.keepDays` says otherwise. For each person the last score counts, even one that was sent
/// synchronously. `repair: true` redelivers what is missing, unless a newer score is waiting or the
/// last one was sent synchronously; the application has to repeat that itself. Nothing else is
/// changed: a person must decide about differences.
#[utoipa::path(
    post, path = "/api/deliveries/reconcile", tag = "Application: services", operation_id = "reconcileLineItem",
    security(("apiKey" = ["services", "manage"]), ("serviceKey" = ["services"])),
    request_body(content = Reconcile, content_type = "application/json"),
    responses(
        (status = 200, description = "How they compare; people are named by the `user.id` of their launches.", body = Reconciled),
        (status = 400, description = "`INVALID_LINEITEM_ID`: the id is no address.\n`ADDRESS_NOT_OF_THE_PLATFORM`: it is no line item of this place."),
        (status = 404, description = "`NOTHING_DELIVERED`: no delivery to this line item is known.\n`PLATFORM_NOT_FOUND`: the tool has no such platform."),
        (status = 403, description = "`INACTIVE_SERVICE`: the tool's settings have this service switched off."),
        (status = 409, description = "`PLATFORM_INACTIVE`, `DEPLOYMENT_INACTIVE`: the platform, or the deployment that the scores came by, is not active."),
        (status = 422, description = "`TOO_MANY_TO_RECONCILE`: more than 100,000 people, or a list of results without an end."),
        (status = 502, description = "`LIST_CUT_OFF`: the list of results can't be read to its end.\n`RESULTS_TOO_SLOW`: the platform took too long for all results."),
    ),
)]
pub(crate) async fn reconcile(
    State(desk): State<DeliveryDesk>,
    viewer: Viewer,
    body: Bytes,
) -> Result<Json<Reconciled>, Problem> {
    // Who asks comes before what they ask.
    if matches!(viewer, Viewer::Person { .. }) {
        return Err(not_with_an_ltik());
    }
    let asked: Reconcile = json_body(&body)?;
    let url = Url::parse(&asked.line_item).map_err(|_| {
        INVALID_LINE_ITEM_ID.saying("A line item's id is an address: lineItem must be one.")
    })?;
    let at = desk.line_item_place(&viewer, &url, asked.platform).await?;
    let url = permitted(url, at.place.addresses())?;
    let mut ours = desk.delivered(&at, &url).await?;
    if ours.is_empty() {
        return Err(NOTHING.problem());
    }
    let reading = desk.read_results(&at, &url, &mut ours);
    let read = tokio::time::timeout(desk.patience, reading).await;
    let (mut found, missing) = read.map_err(|_| TOO_SLOW.problem())??;
    if asked.repair {
        for (user, delivery) in &missing {
            if let Some(id) = delivery
                && desk.redeliver(&at, &url, id).await?
            {
                found.repaired.push(user.clone());
            }
        }
    }
    found.missing = missing.into_iter().map(|(user, _)| user).collect();
    for people in [
        &mut found.missing,
        &mut found.different,
        &mut found.overridden,
        &mut found.repaired,
    ] {
        people.sort_unstable();
    }
    Ok(Json(found))
}

impl DeliveryDesk {
    /// Compares the gradebook with `ours`, page by page. Returns who is missing, each with their
    /// last delivery.
    async fn read_results(
        &self,
        at: &LineItemPlace,
        line_item: &Url,
        ours: &mut HashMap<String, DeliveredGrades>,
    ) -> Result<(Reconciled, Vec<Missing>), Problem> {
        let granted = at.place.grades.as_ref();
        let granted =
            granted.is_some_and(|grades| grades.scopes.iter().any(|one| one == RESULT_READONLY));
        if !granted {
            return Err(NOT_AVAILABLE.saying(
                "The platform doesn't allow results to be read here: the scope is missing among those it grants.",
            ));
        }
        let (mut found, mut missing) = (Reconciled::default(), Vec::new());
        let vendor = at.vendor();
        let all = ResultFilter {
            limit: Some(PAGE_SIZE),
            ..ResultFilter::default()
        };
        let first = all.apply(&ags::results_url(line_item));
        let mut pages = ListPages::beginning(first, MOST_PAGES);
        loop {
            let call = Call::get(pages.url(), RESULT_READONLY, RESULT_CONTAINER);
            let answer = self.client.send(&at.platform, &call).await?;
            let results = list(&call, &answer, &["results", "scores"])?;
            for result in results {
                let Some(result) = ScoreResult::read(result, line_item.as_str()) else {
                    continue;
                };
                // If the list repeats a person, they are compared only once.
                let Some(person) = ours.remove(result.user_id()) else {
                    continue;
                };
                let user = result.user_id().to_owned();
                let result = result.into_members();
                let how = compare(&person.grades, grade_of(&result), vendor);
                found.note(how, user, person, &mut missing);
            }
            let links = links(pages.url(), &answer.headers);
            match pages.turn(&links) {
                Ok(true) => {}
                Ok(false) => break,
                Err(ListUnending::CutOff) => return Err(cut_off()),
                Err(ListUnending::Endless) => return Err(TOO_MANY.problem()),
                Err(ListUnending::TooSlow) => return Err(TOO_SLOW.problem()),
            }
        }
        for (user, person) in ours.drain() {
            let how = compare(&person.grades, None, vendor);
            found.note(how, user, person, &mut missing);
        }
        Ok((found, missing))
    }

    /// Redelivers a score that the platform has lost, unless a newer one is on its way.
    async fn redeliver(
        &self,
        at: &LineItemPlace,
        line_item: &Url,
        id: &str,
    ) -> Result<bool, Problem> {
        let Some(row) = self.deliveries.by_id(id).await? else {
            return Ok(false);
        };
        let repair = Repair {
            tool: at.tool.clone(),
            platform: at.platform.clone(),
            place: at.place.clone(),
            line_item: line_item.clone(),
            row,
        };
        self.deliveries.repair(repair).await
    }
}

impl Reconciled {
    /// Records the result for one person.
    fn note(
        &mut self,
        how: Comparison,
        user: String,
        person: DeliveredGrades,
        missing: &mut Vec<Missing>,
    ) {
        match how {
            Comparison::Same => self.same += 1,
            Comparison::Different => self.different.push(user),
            Comparison::Overridden => self.overridden.push(user),
            Comparison::Missing => missing.push((user, person.delivery)),
        }
    }
}

/// The grade in a result, if there is one.
fn grade_of(result: &Map<String, Value>) -> Option<ShownGrade> {
    let number = |name: &str| result.get(name)?.as_f64();
    ShownGrade::new(number("resultScore"), number("resultMaximum"))
}

/// People on pages that can't be requested would count as missing.
fn cut_off() -> Problem {
    LIST_CUT_OFF.saying(
        "The platform names a next page of results on another host, or one that is no address, so the list can't be read to its \
         end. Nothing was changed.",
    )
}
