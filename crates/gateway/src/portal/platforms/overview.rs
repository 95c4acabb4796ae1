//! `GET /portal/platforms/{id}`: a platform's state today, its latest launches, and its switches.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use store::platforms::KeyMethod;
use store::trace_causes::{self, CauseFilter};

use super::head::{self, PlatformHead, PlatformTab, address_of};
use super::health::{self, PlatformHealth};
use super::list::DAY_MS;
use crate::directory::auth::WithApiKey;
use crate::directory::frame_origins::FrameOrigins;
use crate::kit::id::first_of;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::portal::trace_lines::TraceLine;
use crate::traces::api as traces;
use crate::web::problem::Problem;
use crate::web::texts::{
    portal_deliveries as delivery_texts, portal_health as health_texts, portal_pages as pages,
    portal_platforms as texts, portal_trial as trial_texts,
};

/// How many launches and causes the page shows.
const SHOWN: usize = 5;
/// How many causes are counted.
const CAUSES: i64 = 100;

/// Why launches were refused today.
struct DayCause {
    number: i64,
    name: String,
    code: String,
    reference: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/platform.html")]
struct PlatformPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    may_change: bool,
    active: bool,
    causes: Vec<DayCause>,
    launches: Vec<TraceLine>,
    health: PlatformHealth,
    /// Attempts that were refused today.
    refused: i64,
    may_test: bool,
    /// Whether it is the pretend LMS, whose launches aren't counted.
    is_for_tests: bool,
    key_set: Option<String>,
    origins: String,
    client_id: String,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Overview).await?;
    portal.traces.settled().await;
    let causes = causes(&portal, person, &platform.id).await?;
    let launches = latest(&portal, person, &platform.id).await?;
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let health = health::of(&portal, person, &frame, &platform).await?;
    let by_set = platform.key_method == KeyMethod::JwkSet;
    portal.send(
        StatusCode::OK,
        &frame,
        PlatformPage {
            may_change: person.may_change::<OfPlatforms>(),
            may_test: person.tool.settings.launch_url.is_some(),
            is_for_tests: platform.is_for_tests(),
            active: platform.active,
            key_set: by_set.then(|| platform.key_value.clone()),
            origins: FrameOrigins::of(&platform).policy(),
            client_id: platform.row.client_id,
            frame: &frame,
            head,
            refused: causes.iter().map(|cause| cause.number).sum(),
            causes: causes.into_iter().take(SHOWN).collect(),
            launches,
            health,
        },
    )
}

async fn causes(
    portal: &Portal,
    person: &Person,
    platform_id: &str,
) -> Result<Vec<DayCause>, Problem> {
    let filter = CauseFilter {
        from_id: first_of(portal.clock.now_ms() - DAY_MS),
        platform_id: Some(platform_id.to_owned()),
        kind: None,
        limit: CAUSES,
    };
    let mut reader = portal.db.read().await?;
    let found = trace_causes::causes(&mut reader.tx(), &person.tool.id, &filter).await?;
    let cause = |cause: trace_causes::Cause| {
        let code = cause.reason.unwrap_or_default();
        DayCause {
            number: cause.number,
            name: portal
                .traces
                .meaning(&code)
                .name
                .to(person.language)
                .to_owned(),
            reference: cause.reference,
            code,
        }
    };
    Ok(found.into_iter().map(cause).collect())
}

async fn latest(
    portal: &Portal,
    person: &Person,
    platform_id: &str,
) -> Result<Vec<TraceLine>, Problem> {
    let query = format!("platform={platform_id}&limit={SHOWN}");
    let key = WithApiKey::granted(&person.tool);
    let list = traces::list(State(portal.traces.clone()), key, RawQuery(Some(query)));
    let Json(list) = list.await?;
    let lines = list.traces.into_iter();
    Ok(lines
        .map(|trace| TraceLine::new(trace, person.language))
        .collect())
}
