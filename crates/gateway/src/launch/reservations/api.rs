//! `/api/deeplinking/reservations`: whether chosen content has arrived in the course.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde::Serialize;
use store::reservations::Reservation;
use utoipa::ToSchema;

use super::{Course, Reservations};
use crate::kit::clock::iso;
use crate::kit::id::is_id;
use crate::launch::{Launches, WithServices};
use crate::web::api_rule::ApiRule;
use crate::web::paging::{self, PageParameters};
use crate::web::problem::Problem;

const NO_RESERVATION: ApiRule = ApiRule::new(
    "RESERVATION_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "No content with this handle was chosen in this course. GET /api/deeplinking/reservations lists what was.",
);

/// The state of content that was chosen with a handle.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Progress {
    /// It is on its way; it can't be chosen again in this course.
    Reserved,
    /// The platform has it.
    Placed,
    /// It didn't arrive in time, and can be chosen again.
    Expired,
    /// It was given back, and can be chosen again.
    Released,
}

/// A handle that was chosen in a course.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reservation)]
pub(crate) struct ReservationAnswer {
    /// The `handle` of the content item.
    handle: String,
    state: Progress,
    /// When its answer was signed.
    #[schema(format = DateTime)]
    reserved_at: String,
    /// Until when it has to arrive.
    #[schema(format = DateTime)]
    reserved_until: String,
    /// When a launch or a line item with the handle was first seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    placed_at: Option<String>,
    /// The link that launched with the handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_link_id: Option<String>,
    /// The line item with the handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    line_item_id: Option<String>,
}

impl ReservationAnswer {
    fn new(row: Reservation, now_ms: i64) -> Self {
        let state = match &row {
            row if row.placed_at.is_some() => Progress::Placed,
            row if row.released_at.is_some() => Progress::Released,
            row if row.reserved_until <= now_ms => Progress::Expired,
            _ => Progress::Reserved,
        };
        Self {
            handle: row.handle,
            state,
            reserved_at: iso(row.reserved_at),
            reserved_until: iso(row.reserved_until),
            placed_at: row.placed_at.map(iso),
            resource_link_id: row.resource_link_id,
            line_item_id: row.line_item,
        }
    }
}

/// A page of reservations.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReservationList {
    reservations: Vec<ReservationAnswer>,
    /// `cursor` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Lists the handles that were chosen in the course.
///
/// Includes every content item with a `handle`, no matter who chose it. Handles that were never
/// placed stay in the list for thirty days.
#[utoipa::path(
    get, path = "/api/deeplinking/reservations", tag = "Application: launches", operation_id = "listReservations",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(
        PageParameters,
    ),
    responses(
        (status = 200, description = "A page of handles.", body = ReservationList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn list(
    State(launches): State<Launches>,
    services: WithServices,
    RawQuery(query): RawQuery,
) -> Result<Json<ReservationList>, Problem> {
    let (mut after, mut limit) = (String::new(), paging::PAGE_SIZE);
    for (name, value) in paging::parameters(&query.unwrap_or_default()) {
        match &*name {
            "cursor" if is_id(&value) => after = value.into_owned(),
            "cursor" => return Err(paging::wrong("cursor", "must be a nextCursor")),
            "limit" => limit = paging::limit(&value)?,
            name => return Err(paging::wrong(name, "is not one of cursor, limit")),
        }
    }
    let (room, course) = of(&launches, &services);
    let mut found = room.page(&course, after, limit + 1).await?;
    let next_cursor = paging::cut(&mut found, limit, |last| last.id.clone());
    let now = room.clock.now_ms();
    let reservations = found
        .into_iter()
        .map(|row| ReservationAnswer::new(row, now));
    Ok(Json(ReservationList {
        reservations: reservations.collect(),
        next_cursor,
    }))
}

/// Returns the state of a handle in the course.
#[utoipa::path(
    get, path = "/api/deeplinking/reservations/{handle}", tag = "Application: launches", operation_id = "readReservation",
    security(("ltik" = ["services", "read"]), ("serviceKey" = ["services", "read"])),
    params(("handle" = String, Path, description = "The `handle` of a content item, percent-encoded.")),
    responses(
        (status = 200, description = "The handle.", body = ReservationAnswer),
        (status = 404, description = "`RESERVATION_NOT_FOUND`: no content with this handle was chosen in the course."),
    ),
)]
pub(crate) async fn one(
    State(launches): State<Launches>,
    services: WithServices,
    Path(handle): Path<String>,
) -> Result<Json<ReservationAnswer>, Problem> {
    let (room, course) = of(&launches, &services);
    let found = room.by_id(&course.reservation(&handle)).await?;
    let found = found.ok_or_else(|| NO_RESERVATION.problem())?;
    Ok(Json(ReservationAnswer::new(found, room.clock.now_ms())))
}

/// Releases a handle, so that its content can be chosen again in the course.
///
/// Use it for content whose form the application never showed, and for content that a teacher
/// removed from the course, because platforms don't report that. If a launch or a line item with
/// the handle arrives later after all, the handle is placed again.
#[utoipa::path(
    delete, path = "/api/deeplinking/reservations/{handle}", tag = "Application: launches", operation_id = "releaseReservation",
    security(("ltik" = ["services"]), ("serviceKey" = ["services"])),
    params(("handle" = String, Path, description = "The `handle` of a content item, percent-encoded.")),
    responses(
        (status = 204, description = "It can be chosen again."),
        (status = 404, description = "`RESERVATION_NOT_FOUND`: no content with this handle was chosen in the course."),
    ),
)]
pub(crate) async fn release(
    State(launches): State<Launches>,
    services: WithServices,
    Path(handle): Path<String>,
) -> Result<StatusCode, Problem> {
    let (room, course) = of(&launches, &services);
    if room.release(&course, &handle).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(NO_RESERVATION.problem())
}

/// The room, and the course of a request.
fn of<'a>(launches: &'a Launches, services: &WithServices) -> (&'a Reservations, Course) {
    let course = Course::at(&services.tool.id, &services.place);
    (launches.reservations(), course)
}
