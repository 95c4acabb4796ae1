//! `POST /portal/deliveries/person`: a person's latest grades, found by the LMS's id for them. It
//! is a form so that no address names a person.

use std::cmp::Reverse;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use store::StoreError;
use store::platform_list::{self, FoundPlatform, PlatformSearch};

use super::DeliveryLine;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfDeliveries;
use crate::portal::query::asking;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::services::deliveries::api::{Viewer, list as api};
use crate::web::texts::{portal_deliveries as texts, portal_pages as pages};

/// How many platforms are searched.
const MOST_PLATFORMS: usize = 20;
/// How many grades are shown.
const SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "portal/deliveries_of_person.html")]
struct DeliveriesOfPersonPage<'a> {
    frame: &'a PortalFrame,
    /// Where a form in a row leads back to.
    here: &'static str,
    may_change: bool,
    user: String,
    at_platform: String,
    /// Says that not every platform was searched.
    too_many: Option<String>,
    rows: Vec<DeliveryLine>,
}

pub(crate) async fn find(
    State(portal): State<Portal>,
    form: PortalForm<OfDeliveries>,
) -> PortalAnswer {
    let person = &form.person;
    let of = |name: &str| form.field(name).unwrap_or_default().trim().to_owned();
    let (user, at_platform) = (of("user"), of("platform"));
    let frame = portal.frame(person, Nav::Deliveries, texts::TITLE).await?;
    let mut platforms = match user.is_empty() {
        true => Vec::new(),
        false => platforms_called(&portal, &person.tool.id, &at_platform).await?,
    };
    let is_too_many = platforms.len() > MOST_PLATFORMS;
    platforms.truncate(MOST_PLATFORMS);
    let mut rows = Vec::new();
    for platform in platforms {
        let parameters = [
            ("limit", Some(super::PAGE_SIZE)),
            ("platform", Some(platform.id.as_str())),
            ("user", Some(user.as_str())),
        ];
        let (desk, viewer) = (portal.deliveries.clone(), Viewer::Tool(person.tool.clone()));
        let Json(list) = api::list(State(desk), viewer, asking(&parameters)).await?;
        for delivery in list.deliveries {
            let name = Some(platform.name.clone());
            rows.push(DeliveryLine::new(delivery, name, &frame));
        }
    }
    rows.sort_by_key(|row| Reverse(row.at));
    rows.truncate(SHOWN);
    let too_many = texts::TOO_MANY_PLATFORMS.with("number", MOST_PLATFORMS.to_string());
    let page = DeliveriesOfPersonPage {
        too_many: is_too_many.then(|| frame.phrase(too_many)),
        here: "/portal/deliveries",
        may_change: true,
        frame: &frame,
        user,
        at_platform,
        rows,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// The platforms whose name, issuer or client id contains this text, up to one more than are
/// searched.
async fn platforms_called(
    portal: &Portal,
    tool_id: &str,
    text: &str,
) -> Result<Vec<FoundPlatform>, StoreError> {
    let search = PlatformSearch {
        text: (!text.is_empty()).then(|| text.to_owned()),
        limit: i64::try_from(MOST_PLATFORMS).unwrap_or(i64::MAX - 1) + 1,
        now: portal.clock.now_ms(),
        ..PlatformSearch::default()
    };
    let mut reader = portal.db.read().await?;
    platform_list::pages_of_both(&mut reader.tx(), tool_id, &search).await
}
