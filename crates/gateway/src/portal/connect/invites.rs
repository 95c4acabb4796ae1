//! Invitations: creating one, with a text for the LMS's administrator, and revoking one.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::address::{CONNECT, wizard_of};
use super::letter::url_letter;
use super::lms::{Lms, lms_of};
use super::ours::{OurAddresses, only_here};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::registration::invite;
use crate::web::texts::{portal_connect as texts, portal_pages as pages};

/// The form, as it is filled in: with what was entered before its sender had to prove who they are.
pub(super) struct InviteForm {
    pub(super) name: String,
    pub(super) uses: String,
    pub(super) ends: String,
    pub(super) mode: String,
}

impl InviteForm {
    /// The form on the page of an LMS.
    pub(super) fn of(person: &Person, lms: &Lms) -> Self {
        let page = page_of(lms);
        let kept = |name: &str| person.kept(&page, name).unwrap_or_default().to_owned();
        Self {
            name: kept("platformName"),
            uses: kept("uses"),
            ends: kept("ends"),
            mode: kept("mode"),
        }
    }
}

/// The page with the form: an LMS's, or the one with all of them.
fn page_of(lms: &Lms) -> String {
    match lms.name {
        "" => CONNECT.to_owned(),
        _ => wizard_of(lms, None, None),
    }
}

#[derive(Template)]
#[template(path = "portal/invite_made.html")]
struct InviteMadePage<'a> {
    frame: &'a PortalFrame,
    /// The LMS on whose page it was created.
    code: &'static str,
    /// Whether that was a certain LMS.
    is_known: bool,
    name: String,
    url: String,
    letter: String,
    /// A warning if no LMS elsewhere can reach us.
    only_here: Option<String>,
    since: i64,
}

/// `POST /portal/connect/invites`: the answer shows the link, just once.
pub(crate) async fn make(
    State(portal): State<Portal>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let is_automatic = form.field("mode").as_deref() == Some("automatic");
    let lms = lms_of(&form.field("lms").unwrap_or_default());
    if is_automatic {
        // Anyone with the link can let an LMS in, and no one looks at it.
        form.confirmed(&portal, &page_of(lms))?;
    }
    let name = form.field("platformName").unwrap_or_default();
    let name = name.trim().to_owned();
    let number = |field: &str| form.field(field).and_then(|text| text.parse::<i64>().ok());
    let mut preset = json!({"mode": if is_automatic { "automatic" } else { "approval" }});
    if !name.is_empty() {
        preset["platformName"] = name.as_str().into();
    }
    let asked = json!({
        "uses": number("uses").unwrap_or(1),
        "expiresInHours": number("ends").unwrap_or(168),
        "preset": preset,
    });
    let room = State(portal.registrations.clone());
    let key = WithApiKey::granted(&person.tool);
    let made = invite::create(room, key, body_of(&asked)).await;
    let (_, Json(made)) = portal.unless_refused(person, CONNECT, made).await?;
    let entry = person.entry(AuditAction::InvitationMade, &made.id);
    let entry = match &*name {
        "" => entry,
        name => entry.named(name),
    };
    portal.audit.write(&portal.db, entry.after(asked)).await?;
    let url = made.url.unwrap_or_default();
    let ours = OurAddresses::new(&portal, &person.tool, None).invited(&url);
    let frame = portal
        .frame(person, Nav::Platforms, texts::INVITE_MADE)
        .await?;
    let page = InviteMadePage {
        code: lms.code,
        is_known: !lms.name.is_empty(),
        letter: url_letter(lms, &person.tool, &ours, !is_automatic, person.language),
        only_here: only_here(&portal, &person.tool, person.language),
        since: portal.clock.now_ms(),
        frame: &frame,
        name,
        url,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST /portal/connect/invites/{id}/revoke`.
pub(crate) async fn revoke(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let room = State(portal.registrations.clone());
    let key = WithApiKey::granted(&person.tool);
    let Json(list) = invite::list(room.clone(), key).await?;
    let was = list.invites.into_iter().find(|invite| invite.id == id);
    let key = WithApiKey::granted(&person.tool);
    let revoked = invite::delete(room, key, Path(id.clone())).await;
    let _ = portal.unless_refused(person, CONNECT, revoked).await?;
    let mut entry = person.entry(AuditAction::InvitationRevoked, id);
    if let Some(was) = was {
        if let Some(Value::String(name)) = was.preset.get("platformName") {
            entry = entry.named(name);
        }
        entry = entry.before(was.preset);
    }
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, CONNECT, texts::REVOKED)
}
