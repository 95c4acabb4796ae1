//! `POST /portal/platforms/{id}/check`: checks a platform now, with findings to read and copy; and
//! fetches its keys again.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::head::{self, PlatformHead, PlatformTab, address_of};
use crate::directory::auth::WithApiKey;
use crate::doctor::api::{CheckFinding, check as look};
use crate::kit::clock::iso;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::back_to;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::texts::{Text, portal_pages as pages, portal_platforms as texts};

/// A finding on the page.
struct FindingLine {
    kind: &'static str,
    word: Text,
    what: String,
    advice: Option<String>,
}

impl From<CheckFinding> for FindingLine {
    fn from(finding: CheckFinding) -> Self {
        let (kind, word) = match finding.verdict {
            "right" => ("ok", texts::FOUND_RIGHT),
            "odd" => ("warn", texts::FOUND_ODD),
            _ => ("bad", texts::FOUND_WRONG),
        };
        Self {
            kind,
            word,
            what: finding.what,
            advice: finding.advice,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/platform_check.html")]
struct CheckPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    issuer: String,
    client_id: String,
    at: String,
    findings: Vec<FindingLine>,
}

/// `POST`: checks the platform and shows the findings.
pub(crate) async fn check(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Overview).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(found) = look(State(room), key, Path(platform.id.clone())).await?;
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let page = CheckPage {
        at: iso(portal.clock.now_ms()),
        findings: found.findings.into_iter().map(FindingLine::from).collect(),
        issuer: platform.row.issuer,
        client_id: platform.row.client_id,
        frame: &frame,
        head,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST /portal/platforms/{id}/fetch-keys`: fetches its keys again, even if they are cached.
pub(crate) async fn fetch_keys(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let room = &portal.directory;
    let platform = head::platform_of(&portal, person, &id).await?;
    let there = format!("{}/keys", address_of(&platform.id));
    let there = back_to(form.field("next"), there);
    let keys = &room.platform_keys;
    let renewed = keys.renew(&platform).await;
    let kid = form.field("kid");
    let has = kid.and_then(|kid| keys.has(&platform, &kid));
    match renewed {
        // The launch that was refused would be refused again.
        Ok(_) if has == Some(false) => {
            let told = texts::KEY_STILL_MISSING.with("name", &*platform.name);
            portal.refused(person, &there, told)
        }
        Ok(number) => {
            let told = texts::KEYS_FETCHED.with("number", number.to_string());
            portal.done(person, &there, told.with("name", &*platform.name))
        }
        // Every cause is in English.
        Err(failure) => portal.refused_in_english(person, &there, &failure.to_string()),
    }
}
