//! `GET /api/idtoken`: what the application reads about a launch (ltiaas-api.md §2.2).

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::answer::{IdToken, IdTokenAnswer, RawClaims};
use super::facts::Facts;
use super::ltik::NamedPlace;
use super::{Launches, Ltiks, ServicePlace, WithLtik};
use crate::web::json::{long_answer, wants_raw};
use crate::web::problem::Problem;

/// The approximate size of an answer, in bytes.
const ABOUT: usize = 4096;

/// Returns who launched, and what for.
///
/// A launch can be read as often as needed until the tool's `retention.launchMinutes` have passed,
/// or its platform, deployment or person is blocked.
#[utoipa::path(
    get, path = "/api/idtoken", tag = "Application: launches", operation_id = "readIdToken",
    security(("ltik" = ["services", "read"])),
    params(("raw" = Option<bool>, Query, description = "The claims as the platform sent them, instead of our form of them.")),
    responses((status = 200, description = "Our form; with `raw`, the claims.", body = IdTokenAnswer)),
)]
pub(crate) async fn get(
    State(launches): State<Launches>,
    State(ltiks): State<Ltiks>,
    WithLtik {
        tool,
        launch,
        platform,
    }: WithLtik,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if wants_raw(query.as_deref()) {
        let claims = launches.raw(&launch, platform.as_deref())?;
        return long_answer(&IdTokenAnswer::Raw(RawClaims(claims)), ABOUT);
    }
    let facts = launches.facts(&tool, &launch, platform.as_deref())?;
    let place = ServicePlace::of(&facts, launch.created_at);
    let (places, place_id) = (launches.places(), place.id());
    let revocations = match platform {
        Some(_) => places.keep(&tool.id, &place_id, &place).await?,
        None => 0,
    };
    let named = NamedPlace {
        place_id,
        issued_ms: launch.created_at,
        revocations,
    };
    let known = line_item_is_known(&launches, &facts).await?;
    let service_key = || ltiks.mint_service_key(&named);
    let return_url = || {
        let token = ltiks.mint_cancellation(&launch.id)?;
        let path = format!("/lti/deeplinking/cancel?ticket={token}");
        Ok(launches.address(&tool, &path))
    };
    let tokens = (service_key, return_url);
    let enabled = tool.settings.services;
    let answer = IdToken::new(&facts, &place, &launch.id, enabled, known, tokens);
    let answer = IdTokenAnswer::Formatted(Box::new(answer.map_err(Problem::internal)?));
    long_answer(&answer, ABOUT)
}

/// Whether the application has used the launch's line item, if it has one.
async fn line_item_is_known(launches: &Launches, facts: &Facts) -> Result<bool, Problem> {
    let line_item = facts.grades.as_ref();
    match line_item.and_then(|grades| grades.lineitem.as_deref()) {
        None => Ok(false),
        Some(line_item) => {
            let known = launches.line_items();
            known.is_known(&facts.platform.id, line_item).await
        }
    }
}
