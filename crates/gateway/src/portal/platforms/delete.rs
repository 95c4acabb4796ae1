//! `/portal/platforms/{id}/delete`: asks before deleting a platform, and deletes it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;
use store::{deliveries, deployments};

use super::form::whole;
use super::head::{address_of, platform_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::Platform;
use crate::directory::platforms_api;
use crate::directory::undelivered::UNDELIVERED;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::{OfPlatformForms, OfPlatforms};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::problem::Problem;
use crate::web::texts::{portal_pages as pages, portal_platforms as texts};

#[derive(Template)]
#[template(path = "portal/platform_delete.html")]
struct DeletePage<'a> {
    frame: &'a PortalFrame,
    id: String,
    name: String,
    question: String,
    says: String,
    button: String,
    deployments: String,
    /// Number of scores that would be lost.
    undelivered: i64,
    scores: String,
    is_wrong: bool,
    /// Whether the number of waiting scores has changed since the person read it.
    is_outdated: bool,
}

/// Asks for confirmation.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatformForms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let platform = platform_of(&portal, person, &id).await?;
    question(&portal, person, platform, StatusCode::OK).await
}

/// `POST`: deletes it, if its name was typed and the password was given just now.
pub(crate) async fn delete(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    form.confirmed(&portal, &format!("{}/delete", address_of(&id)))?;
    let person = &form.person;
    let platform = platform_of(&portal, person, &id).await?;
    let typed = form.field("name").unwrap_or_default();
    if typed.trim() != platform.name.trim() {
        return question(&portal, person, platform, StatusCode::BAD_REQUEST).await;
    }
    let entry = person
        .entry(AuditAction::PlatformDeleted, &platform.id)
        .named(&*platform.name)
        .before(whole(&platform)?)
        .after(json!(null));
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let lost = form.field("undelivered");
    let lost = lost.and_then(|number| number.parse::<i64>().ok());
    let lost = RawQuery(lost.map(|number| format!("undelivered={number}")));
    let id = Path(platform.id.clone());
    let (audit, db) = (portal.audit.clone(), portal.db.clone());
    // In a separate task: it continues, and is recorded, even if the browser disconnects.
    let deleting = tokio::spawn(async move {
        let _ = platforms_api::removing::delete(State(room), key, id, lost).await?;
        Ok::<_, Problem>(audit.write(&db, entry).await?)
    });
    match deleting.await.map_err(Problem::internal)? {
        Err(problem) if problem.is(&UNDELIVERED) => {
            return question(&portal, person, platform, StatusCode::CONFLICT).await;
        }
        deleted => deleted?,
    }
    let told = texts::DELETED.with("name", &*platform.name);
    portal.done(person, "/portal/platforms", told)
}

async fn question(
    portal: &Portal,
    person: &Person,
    platform: Platform,
    status: StatusCode,
) -> PortalAnswer {
    let mut reader = portal.db.read().await?;
    let known = deployments::of_platform(&mut reader.tx(), platform.id.clone()).await?;
    let undelivered = deliveries::undelivered(&mut reader.tx(), &platform.id).await?;
    drop(reader);
    let language = person.language;
    let name = platform.row.name;
    let number = texts::DELETE_DEPLOYMENTS.with("number", known.len().to_string());
    let scores = texts::DELETE_UNDELIVERED.with("number", undelivered.to_string());
    let question = texts::DELETE_QUESTION.with("name", &*name);
    let says = texts::DELETE_SAYS.with("tool", person.tool.name_in(language));
    let button = texts::DELETE_NAMED.with("name", &*name);
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        status,
        &frame,
        DeletePage {
            id: platform.row.id,
            question: question.to(language).into_owned(),
            says: says.to(language).into_owned(),
            button: button.to(language).into_owned(),
            deployments: number.to(language).into_owned(),
            undelivered,
            scores: scores.to(language).into_owned(),
            is_wrong: status == StatusCode::BAD_REQUEST,
            is_outdated: status == StatusCode::CONFLICT,
            name,
            frame: &frame,
        },
    )
}
