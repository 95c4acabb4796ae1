//! `/portal/deliveries`: scores on their way, by state, reason and platform.

mod choices;
pub(crate) mod of_person;

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;
use store::deliveries::DeliveryState;

use self::choices::{PlatformChoice, choices};
use super::words::{may_retry, progress_of, score_of, state_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfDeliveries;
use crate::portal::query::{PageQuery, address, asking, back_to, body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::services::deliveries::api::orders::{self, RetriedAll};
use crate::services::deliveries::api::{Viewer, list as api};
use crate::services::deliveries::{Delivery, DeliveryReason, RetryWhich};
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, Text, portal_deliveries as texts, portal_pages as pages};

/// Deliveries per page.
const PAGE_SIZE: &str = "12";
/// States to filter by.
const STATES: [DeliveryState; 6] = [
    DeliveryState::Held,
    DeliveryState::Refused,
    DeliveryState::Queued,
    DeliveryState::Unknown,
    DeliveryState::Expired,
    DeliveryState::Delivered,
];

/// The filter of the page.
struct DeliveriesAsked {
    state: Option<DeliveryState>,
    reason: Option<String>,
    platform: Option<String>,
    course: Option<String>,
    after: Option<String>,
}

impl DeliveriesAsked {
    fn new(query: &PageQuery) -> Self {
        let state = query.text("state");
        let state = state.and_then(|name| DeliveryState::named(&name));
        Self {
            state: state.filter(|state| STATES.contains(state)),
            reason: query.text("reason"),
            platform: query.text("platform"),
            course: query.text("course"),
            after: query.text("after"),
        }
    }

    fn address(&self, state: Option<DeliveryState>, after: Option<&str>) -> String {
        let parameters = [
            ("state", state.map(DeliveryState::as_str)),
            ("reason", self.reason.as_deref()),
            ("platform", self.platform.as_deref()),
            ("course", self.course.as_deref()),
            ("after", after),
        ];
        address("/portal/deliveries", &parameters)
    }

    /// The API query.
    fn query(&self) -> RawQuery {
        let parameters = [
            ("limit", Some(PAGE_SIZE)),
            ("state", self.state.map(DeliveryState::as_str)),
            ("reason", self.reason.as_deref()),
            ("platform", self.platform.as_deref()),
            ("context", self.course.as_deref()),
            ("cursor", self.after.as_deref()),
        ];
        asking(&parameters)
    }
}

/// A state to filter by.
struct StateTab {
    label: Text,
    /// Number of deliveries; `None` for all states.
    number: Option<i64>,
    address: String,
    is_current: bool,
}

/// A delivery in the list.
struct DeliveryLine {
    id: String,
    score: String,
    user: String,
    course: Option<DeliveryCourse>,
    platform: String,
    kind: &'static str,
    word: Text,
    reason: Option<DeliveryCause>,
    at: i64,
    tries: usize,
    next: Option<String>,
    may_retry: bool,
}

/// The course that a score belongs to.
struct DeliveryCourse {
    says: String,
    /// The list of all in this course.
    address: String,
}

impl DeliveryCourse {
    fn new(id: &str, frame: &PortalFrame) -> Self {
        Self {
            says: frame.phrase(texts::OF_COURSE.with("id", short_id(id))),
            address: address("/portal/deliveries", &[("course", Some(id))]),
        }
    }
}

/// Why a score has not arrived.
struct DeliveryCause {
    name: Text,
    /// The list of all that have not arrived for this reason.
    address: String,
}

impl DeliveryLine {
    fn new(delivery: Delivery, name: Option<String>, frame: &PortalFrame) -> Self {
        let (kind, word) = progress_of(&delivery);
        let next = delivery.next_attempt_at.as_deref().map(|at| {
            let phrase = texts::NEXT_TRY.with("when", frame.when(ms_of(at)));
            frame.phrase(phrase)
        });
        Self {
            score: score_of(&delivery, frame),
            may_retry: may_retry(delivery.state),
            reason: delivery.reason.as_deref().map(|code| DeliveryCause {
                name: DeliveryReason::words(code),
                address: address("/portal/deliveries", &[("reason", Some(code))]),
            }),
            course: delivery
                .context
                .as_deref()
                .map(|id| DeliveryCourse::new(id, frame)),
            at: ms_of(&delivery.created_at),
            tries: delivery.attempts.len(),
            platform: name.map_or(delivery.platform, |name| short_id(&name)),
            id: delivery.id,
            user: short_id(&delivery.user),
            kind,
            word,
            next,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/deliveries.html")]
struct DeliveriesPage<'a> {
    frame: &'a PortalFrame,
    asked: DeliveriesAsked,
    here: String,
    may_change: bool,
    platforms: Vec<PlatformChoice>,
    course: String,
    /// The field of the form for one person, which starts empty.
    user: &'static str,
    at_platform: &'static str,
    tabs: Vec<StateTab>,
    oldest: Option<String>,
    /// The reason filtered by.
    cause: Option<Text>,
    rows: Vec<DeliveryLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfDeliveries>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let asked = DeliveriesAsked::new(&PageQuery::new(query));
    let (desk, viewer) = (portal.deliveries.clone(), Viewer::Tool(person.tool.clone()));
    let list = api::list(State(desk), viewer, asked.query());
    let Json(list) = list.await?;
    let frame = portal.frame(person, Nav::Deliveries, texts::TITLE).await?;
    let mut rows = Vec::with_capacity(list.deliveries.len());
    for delivery in list.deliveries {
        let name = portal.platform_name(person, &delivery.platform).await?;
        rows.push(DeliveryLine::new(delivery, name, &frame));
    }
    let mut tabs = vec![StateTab {
        label: pages::EVERY_DELIVERY,
        number: None,
        address: asked.address(None, None),
        is_current: asked.state.is_none(),
    }];
    tabs.extend(STATES.iter().map(|state| StateTab {
        label: state_of(*state).1,
        number: Some(list.counts.get(state.as_str()).copied().unwrap_or(0)),
        address: asked.address(Some(*state), None),
        is_current: asked.state == Some(*state),
    }));
    let now = portal.clock.now_ms();
    let oldest = list.oldest_seconds.map(|seconds| {
        let phrase = texts::OLDEST.with("when", frame.when(now - seconds * 1000));
        frame.phrase(phrase)
    });
    let chosen = asked.platform.as_deref();
    let platforms = choices(&portal, &person.tool.id, chosen).await?;
    let is_later = asked.after.is_some();
    let page = DeliveriesPage {
        here: asked.address(asked.state, asked.after.as_deref()),
        may_change: person.may_change::<OfDeliveries>(),
        cause: asked.reason.as_deref().map(DeliveryReason::words),
        first: is_later.then(|| asked.address(asked.state, None)),
        next: list
            .next_cursor
            .map(|next| asked.address(asked.state, Some(&next))),
        course: asked.course.clone().unwrap_or_default(),
        user: "",
        at_platform: "",
        frame: &frame,
        platforms,
        asked,
        tabs,
        oldest,
        rows,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST`: retries all deliveries with a reason.
pub(crate) async fn retry_all(
    State(portal): State<Portal>,
    form: PortalForm<OfDeliveries>,
) -> PortalAnswer {
    let person = &form.person;
    let reason = form.field("reason");
    let Some(reason) = reason.filter(|reason| !reason.is_empty()) else {
        return Err(Problem::wrong_body("Which reason?").into());
    };
    let mut asked = json!({"reason": reason});
    if let Some(platform) = form.field("platform") {
        asked["platform"] = json!(platform);
    }
    let (desk, key) = (portal.deliveries.clone(), WithApiKey::granted(&person.tool));
    let back = back_to(form.field("next"), "/portal/deliveries".to_owned());
    let all = orders::retry_all(State(desk), key, body_of(&asked)).await;
    let Json(all) = portal.unless_refused(person, &back, all).await?;
    let told = retried(&all);
    let of = |name: &str| asked[name].as_str().map(str::to_owned);
    let which = RetryWhich::all(of("reason"), of("platform"));
    let entry = person.entry(AuditAction::DeliveriesRetried, &reason);
    // Before the rest: some are retried already, whatever becomes of the others.
    portal.audit.write(&portal.db, entry.after(asked)).await?;
    if let Some(next) = all.next {
        let (deliveries, rest) = (&portal.deliveries.deliveries, which.after(next));
        deliveries.retry_rest(&person.tool.id, &rest).await?;
    }
    portal.done(person, &back, told)
}

/// How many are retried; if a request had no time for all, how many so far.
fn retried(some: &RetriedAll) -> Phrase {
    let said = match some.next {
        Some(_) => texts::RETRIED_SO_FAR,
        None => texts::RETRIED_ALL,
    };
    said.with("number", some.retried.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn a_number_that_is_not_all_is_called_that() {
        let said = |next: Option<&str>| {
            let next = next.map(str::to_owned);
            let some = RetriedAll { retried: 40, next };
            retried(&some).to(Language::English).into_owned()
        };
        assert_eq!(said(None), "Tried again now: 40.");
        let so_far = "Tried again so far: 40. The others follow in the background.";
        assert_eq!(said(Some("a delivery")), so_far);
    }
}
