//! `/portal/keys/services`: the places that service keys give access to, and revoking the keys of
//! one.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::{AccessLink, AccessTab, tabs};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::launch::service_keys::{self, ServiceKeyAnswer};
use crate::portal::ask::ConfirmQuestion;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfKeys;
use crate::portal::query::{ListPosition, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::language::Language;
use crate::web::texts::{
    Text, portal_deliveries as delivery_texts, portal_keys as texts, portal_pages as pages,
    portal_settings as settings_texts,
};

/// Rows per page.
const PAGE_SIZE: &str = "15";
const PATH: &str = "/portal/keys/services";

/// A place in the list.
struct PlaceLine {
    id: String,
    /// The platform's ids: of the course, the link and the deployment.
    ids: Vec<(Text, String)>,
    platform: String,
    /// The platform's name, if it still exists.
    platform_name: String,
    services: Vec<&'static str>,
    last_used: Option<i64>,
    revoked_at: Option<i64>,
}

impl PlaceLine {
    fn new(key: ServiceKeyAnswer, platform_name: Option<String>, language: Language) -> Self {
        let ids = [
            (delivery_texts::COURSE, key.context),
            (texts::LINK, key.resource_link),
            (delivery_texts::DEPLOYMENT, Some(key.deployment)),
        ];
        let known = |(name, id): (Text, Option<String>)| Some((name, short_id(&id?)));
        let services = key
            .services
            .iter()
            .copied()
            .map(|service| named(service, language));
        Self {
            id: key.id,
            ids: ids.into_iter().filter_map(known).collect(),
            services: services.collect(),
            platform_name: platform_name
                .map_or_else(|| key.platform.clone(), |name| short_id(&name)),
            platform: key.platform,
            last_used: key.last_used_at.as_deref().map(ms_of),
            revoked_at: key.revoked_at.as_deref().map(ms_of),
        }
    }
}

/// A service in words.
fn named(service: &'static str, language: Language) -> &'static str {
    match service {
        "namesAndRoles" => settings_texts::ROSTERS.to(language),
        "assignmentAndGrades" => settings_texts::GRADES.to(language),
        "groups" => settings_texts::GROUPS.to(language),
        other => other,
    }
}

#[derive(Template)]
#[template(path = "portal/access_services.html")]
struct PlacesPage<'a> {
    frame: &'a PortalFrame,
    tabs: [AccessLink; 4],
    rows: Vec<PlaceLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let position = ListPosition::new(PATH, query);
    let (room, key) = (portal.launches.clone(), WithApiKey::granted(&person.tool));
    let list = service_keys::list(State(room), key, position.asking("cursor", PAGE_SIZE));
    let Json(list) = list.await?;
    let mut rows = Vec::with_capacity(list.service_keys.len());
    for key in list.service_keys {
        let name = portal.platform_name(person, &key.platform).await?;
        rows.push(PlaceLine::new(key, name, person.language));
    }
    let frame = portal.frame(person, Nav::Keys, texts::TITLE).await?;
    let page = PlacesPage {
        tabs: tabs(AccessTab::Places),
        rows,
        first: position.first(),
        next: position.next(list.next_cursor.as_deref()),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `GET /portal/keys/services/{id}/revoke`: asks before.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let places = portal.launches.places();
    let Some(place) = places.by_id(&person.tool.id, &id).await? else {
        return portal.nothing(person).await;
    };
    let question = ConfirmQuestion {
        title: texts::PLACE_QUESTION,
        name: place_of(
            place.deployment_id,
            place.context_id,
            place.resource_link_id,
        ),
        says: texts::PLACE_QUESTION_SAYS.into(),
        button: texts::REVOKE.into(),
        action: revocation_of(&id),
        fields: Vec::new(),
        back: PATH.to_owned(),
    };
    portal.ask(person, Nav::Keys, question).await
}

fn revocation_of(id: &str) -> String {
    format!("{PATH}/{id}/revoke")
}

/// A place in words: the deployment, the course and the link.
fn place_of(deployment: String, context: Option<String>, link: Option<String>) -> String {
    let place = [Some(deployment), context, link];
    let place: Vec<String> = place.into_iter().flatten().collect();
    place.join(" · ")
}

/// `POST /portal/keys/services/{id}/revoke`.
pub(crate) async fn revoke(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfKeys>,
) -> PortalAnswer {
    form.confirmed(&portal, &revocation_of(&id))?;
    let person = &form.person;
    let (room, key) = (portal.launches.clone(), WithApiKey::granted(&person.tool));
    let revoked = service_keys::revoke(State(room), key, Path(id.clone())).await;
    let _ = portal.unless_refused(person, PATH, revoked).await?;
    let entry = person.entry(AuditAction::ServiceKeyRevoked, id);
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, PATH, texts::PLACE_REVOKED)
}
